import { josa } from "es-hangul"

type Particle = "이/가" | "을/를" | "은/는"

const DIGITS = "영일이삼사오육칠팔구"

/**
 * A word with the Korean particle that its last sound asks for. Digits are read as Sino-Korean numbers, Latin words by how their endings
 * are usually transcribed; where nobody can tell, both forms are given, as in print: `漢字을(를)`.
 */
export function withParticle(word: string, particle: Particle): string {
  const sound = lastSound(word)
  return word + (sound ? josa.pick(sound, particle) : particle.replace("/", "(").concat(")"))
}

/** A Korean syllable that ends as the word does when it is read aloud. Punctuation after the last letter is silent. */
function lastSound(word: string): string | undefined {
  const [tail = ""] = /[\p{L}\p{N}]+(?=[^\p{L}\p{N}]*$)/u.exec(plain(word)) ?? []
  const last = tail.at(-1) ?? ""
  if (/[가-힣]/.test(last)) return last
  if (/[0-9]/.test(last)) return DIGITS[Number(last)]
  if (/[A-Za-z]/.test(last)) return endsInConsonant(tail) ? "앙" : "아"
}

/** Letters one by one (PDF, A) go by the letter's name, in which only L, M, N and R end in a consonant; words by their spelling. */
function endsInConsonant(tail: string): boolean {
  const [letters = ""] = /[A-Za-z]+$/.exec(tail) ?? []
  if (letters === letters.toUpperCase()) return /[LMNR]$/.test(letters)
  return /(?:[lmn]e?|ng|ck|ook|(?<![aeiou])[aeiou][bpkt])$/i.test(letters)
}

/** Without accents: é counts as e. */
function plain(word: string): string {
  return word
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
}
