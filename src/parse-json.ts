import type { Json } from "./json.ts"
import { Problem } from "./problem.ts"

/** Throws `json_invalid`, also for bytes that are not UTF-8. */
export function parseJson(body: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body))
  } catch (cause) {
    throw new Problem("json_invalid", "Send JSON in UTF-8.", { cause })
  }
}
