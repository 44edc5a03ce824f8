// A door on loopback to one server, which adds the credentials, so that they stand in no command line and in no environment,
// and lets no call of a tool through that may not be made.
import {once} from 'node:events'
import http, {type IncomingMessage, type ServerResponse} from 'node:http'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import {pipeline} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {isJsonObject} from '../../lib/mcp/jsonRpc.ts'

export interface Forwarder {
  url: string
  /** Tools of calls that were not let through. */
  readonly refused: readonly string[]
  [Symbol.asyncDispose](): Promise<void>
}

// What may follow the acknowledgement of a subscription only a fixture's tool could bring about; the suite would wait seconds for it.
const quietMs = 150

/** Forwards to `target` until it is disposed of, which also ends what is in flight. */
export async function openForwarder(
  target: string,
  credentials: Record<string, string>,
  mayCall: (tool: string) => boolean,
): Promise<Forwarder> {
  const to = new URL(target)
  const {request: send} = to.protocol === 'https:' ? https : http
  const refused: string[] = []
  const forward = async (incoming: IncomingMessage, answer: ServerResponse) => {
    const body = await buffer(incoming)
    const tool = calledIn(body)
    if (tool !== undefined && !mayCall(tool)) {
      refused.push(tool)
      return answer.writeHead(403).end()
    }
    const {host, origin, ...headers} = incoming.headers
    // Foreign names are what a scenario wants to be refused; our own would be foreign there.
    const named = {
      host: host === ownHost() ? to.host : host,
      origin: origin === `http://${ownHost()}` ? to.origin : origin,
    }
    const given = Object.entries(named).filter(([, value]) => value !== undefined)
    const outgoing = send(to, {
      method: incoming.method,
      headers: {...headers, ...credentials, ...Object.fromEntries(given)},
      agent: false,
    })
    outgoing.on('response', got => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      answer.flushHeaders()
      if (incoming.headers['mcp-method'] === 'subscriptions/listen')
        got.once('data', () => setTimeout(() => answer.end(), quietMs))
      pipeline(got, answer, () => outgoing.destroy())
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    outgoing.end(body)
  }
  const server = http.createServer((incoming, answer) => {
    forward(incoming, answer).catch(() => answer.destroy())
  })
  const ownHost = () => `127.0.0.1:${(server.address() as AddressInfo).port}`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://${ownHost()}${to.pathname}`,
    refused,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** The tool that a body calls, whatever stands in its place; undefined where it calls none. */
function calledIn(body: Buffer): string | undefined {
  try {
    const messages = [JSON.parse(body.toString())].flat()
    const call = messages.find(message => isJsonObject(message) && message.method === 'tools/call')
    return call === undefined ? undefined : String(call.params?.name)
  } catch {
    // What is no JSON calls nothing, and is passed on as it is.
    return undefined
  }
}
