import { Agent, get, type IncomingMessage } from "node:http"

/** So many connections, opened one after another, each of which asks again and again on the same one. */
export async function holdConnections(url: string, count: number) {
  const connections = Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  const ask = (agent: Agent) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get(`${url}/health/live`, { agent }, (response) => {
        response.resume().on("end", () => resolve(response))
      }).on("error", reject)
    })
  const answers: IncomingMessage[] = []
  for (const agent of connections) answers.push(await ask(agent))
  const [held, refused] = [200, 503].map((status) =>
    connections.filter((_, index) => answers[index]?.statusCode === status),
  )
  return {
    ask,
    answers,
    held: held ?? [],
    refused: refused ?? [],
    close: () => connections.map((agent) => agent.destroy()),
  }
}
