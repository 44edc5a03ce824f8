// A small switch in front of servers, which can be told to misbehave in the ways that a cutover does.
import http, {type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** What is done with one request: `body` is its text. Returning false passes it on. */
export type Trick = (
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  pass: () => Promise<void>,
) => boolean | Promise<boolean>

/**
 * A running switch. `to` sends what comes from now on to another server; `trick` is asked about every request;
 * `instead` is what clients are told where the server says 404.
 */
export type Switch = {
  url: string
  to(url: string): void
  trick(trick: Trick | undefined): void
  instead(status: number): void
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts one on a free port of 127.0.0.1. */
export async function startSwitch(url: string): Promise<Switch> {
  let target = url
  let trick: Trick | undefined
  let notFound = 404
  const agent = new http.Agent({keepAlive: true})
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts).toString()
    const pass = () => forward({target, agent, notFound}, request, body, response)
    if (!(await trick?.(request, body, response, pass))) await pass()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    to(url) {
      target = url
    },
    trick(next) {
      trick = next
    },
    instead(status) {
      notFound = status
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

type Way = {target: string; agent: http.Agent; notFound: number}

function forward({target, agent, notFound}: Way, request: IncomingMessage, body: string, response: ServerResponse) {
  return new Promise<void>(resolve => {
    const {host: _, connection: __, ...headers} = request.headers
    const outgoing = http.request(target, {method: request.method, headers, agent}, answer => {
      response.writeHead(answer.statusCode === 404 ? notFound : (answer.statusCode ?? 502), answer.headers)
      answer.on('error', () => response.destroy())
      answer.on('close', resolve)
      answer.pipe(response)
    })
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, {'content-type': 'text/plain'}).end('no server behind the switch')
      resolve()
    })
    response.on('close', () => outgoing.destroy())
    outgoing.end(body)
  })
}
