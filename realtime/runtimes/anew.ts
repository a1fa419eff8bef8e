import type { Server as HttpServer } from "node:http"
import { Server } from "node:net"
import type { Application } from "./runtime.ts"

/** How soon, in milliseconds: a crowd that goes on has it listen anew once a second. */
const SOON = 1_000

type Needs = Pick<Application, "host" | "descriptors" | "report"> & { server: HttpServer; port: number }

/**
 * Deno, once it could not accept a connection for want of a descriptor, is told of no further one. `soon` has the server listen anew when
 * there is room; who is connected stays. Node would accept again by itself, and is none the worse for it.
 */
export function listenerAnew({ server, host, port, descriptors, report }: Needs) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    timer ??= setTimeout(listen, SOON)
  }
  const listen = () => {
    timer = undefined
    if (descriptors.exhausted()) return soon()
    Server.prototype.close.call(server) // HTTP's own would close whoever is idle, too
    server.listen(port, host)
  }
  server.on("error", (error) => {
    report(error)
    soon()
  })
  return { soon, never: () => clearTimeout(timer) }
}
