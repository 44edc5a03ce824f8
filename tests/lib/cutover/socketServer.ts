// A server on a Unix socket that stands for an ingress, or for one that does not behave; gone when the test ends.
import {createServer, type RequestListener} from 'node:http'
import type {TestContext} from 'node:test'

export async function socketServer(test: TestContext, socket: string, listener: RequestListener): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(socket, resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
}

/** Answers with a status of HTTP and a value as JSON. */
export function answering(status: number, value: unknown): RequestListener {
  return (request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(value)))
  }
}
