// Listens on a free port of 127.0.0.1 with a server made for one test.
import http from 'node:http'
import net, {type AddressInfo} from 'node:net'
import type {JsonObject, RequestId} from '../../../scripts/lib/mcp/jsonRpc.ts'

/** The body of a POST; a request without a body has none, and its handler must look at the method first. */
export type Received = JsonObject & {id?: RequestId; method?: string; params: JsonObject}

/** A listening server; `await using` ends it and its connections. */
export type TestServer = {url: string; port: number; [Symbol.asyncDispose](): Promise<void>}

async function listen(server: net.Server, end: () => void): Promise<TestServer> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        end()
      }),
  }
}

/** An HTTP server; the handler is given the parsed body of a POST. */
export function withHttp(
  handle: (message: Received, request: http.IncomingMessage, response: http.ServerResponse) => unknown,
): Promise<TestServer> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    await handle(text === '' ? undefined : JSON.parse(text), request, response)
  })
  return listen(server, () => server.closeAllConnections())
}

/** A TCP server that acts once the first bytes have come. */
export function withTcp(handle: (socket: net.Socket) => void): Promise<TestServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => handle(socket))
  })
  return listen(server, () => {
    for (const socket of sockets) socket.destroy()
  })
}

/** Answers with JSON. */
export function sendJson(response: http.ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}
