import { Webhook } from "standardwebhooks"

/** Two secrets of one LMS, as during a rotation, and one of another. */
export const OLD = "old-secret-of-the-university"
export const NEW = `whsec_${Buffer.from("a new secret of the university..").toString("base64")}`
export const SCHOOL = "school-secret-1234567890"
export const sources = [
  { name: "university", secrets: [OLD, NEW] },
  { name: "school", secrets: [SCHOOL] },
]

/** The headers that the official library gives a body. */
export function signed(body: string, secret = NEW, at = new Date()): Record<string, string> {
  const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" })
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": webhook.sign("msg_1", at, body),
  }
}
