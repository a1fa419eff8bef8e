/** A line without its ending, or what keeps it from being read. */
export type Line = { number: number } & ({ text: string; flaw?: never } | { text?: never; flaw: string })

const LINE_FEED = 10

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/**
 * The lines of some bytes, however these are cut into chunks. Endings may be CRLF, and a byte order mark is passed over. No more is kept
 * than a line and a chunk, which is not looked at again once the next is asked for; a line of more than `most()` bytes, which may differ
 * from line to line, is a flaw and kept nowhere.
 */
export function* linesOf(chunks: Iterable<Uint8Array>, most: () => number): Generator<Line> {
  let number = 1
  let begun: Uint8Array[] = []
  let size = 0

  function begin(part: Uint8Array) {
    size += part.length
    if (size > most()) begun = []
    else if (part.length > 0) begun.push(part.slice())
  }

  function end(part: Uint8Array): Line {
    size += part.length
    const line: Line =
      size > most()
        ? { number, flaw: `is longer than ${most()} bytes` }
        : decoded(number, begun.length > 0 ? Buffer.concat([...begun, part]) : part)
    number += 1
    begun = []
    size = 0
    return line
  }

  for (const chunk of chunks) {
    let start = 0
    for (let stop = chunk.indexOf(LINE_FEED); stop >= 0; stop = chunk.indexOf(LINE_FEED, start)) {
      yield end(chunk.subarray(start, stop))
      start = stop + 1
    }
    begin(chunk.subarray(start))
  }
  if (size > 0) yield end(new Uint8Array())
}

function decoded(number: number, bytes: Uint8Array): Line {
  try {
    const text = utf8.decode(bytes)
    const start = number === 1 && text.startsWith("\uFEFF") ? 1 : 0
    return { number, text: text.slice(start, text.endsWith("\r") ? -1 : undefined) }
  } catch {
    return { number, flaw: "is not UTF-8" }
  }
}
