// A small server of both forms of answers behind the mutating proxy, and one request to it.
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'
import type {Json, MutationSpec} from './proxy/mutation.ts'
import {parseObject} from './proxy/parseObject.ts'
import {startProxy} from './proxy/startProxy.ts'

export interface Answered {
  status: number
  headers: Headers
  text: string
  /** The one message of the answer, JSON or SSE. */
  message: Json | undefined
}

export interface Behind {
  /** Sends one JSON-RPC request, or the body as it stands. */
  ask: (
    method: string,
    params?: Json,
    more?: {headers?: {[name: string]: string}; body?: string; http?: string},
  ) => Promise<Answered>
  /** What reached the server behind the proxy. */
  reached: {method: string; headers: Json; message: Json | undefined}[]
}

const tools = [
  {name: 'add', description: 'Adds.', inputSchema: {type: 'object', required: ['a']}},
  {name: 'echo', description: 'Echoes.', inputSchema: {type: 'object'}},
]

/** With `sse` the server answers as a stream. */
export async function behindProxy(
  test: TestContext,
  specs: readonly MutationSpec[],
  {sse = false, extraCopy = false} = {},
): Promise<Behind> {
  const reached: Behind['reached'] = []
  let sessions = 0
  const inner = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const message = parseObject(Buffer.concat(parts).toString())
    reached.push({method: request.method ?? '', headers: request.headers, message})
    if (message === undefined) return response.writeHead(request.method === 'POST' ? 400 : 404).end()
    const {name = '', arguments: values = {}} = (message.params ?? {}) as {name?: string; arguments?: Json}
    const failed = name !== 'add' && name !== 'echo'
    const results: Record<string, Json> = {
      initialize: {protocolVersion: '2025-11-25', capabilities: {tools: {}, prompts: {}}},
      'tools/list': {tools},
      'tools/call': {content: [{type: 'text', text: failed ? 'unknown' : JSON.stringify(values)}], isError: failed},
    }
    const result = results[String(message.method)]
    const answer = {jsonrpc: '2.0', id: message.id, ...(result ? {result} : {error: {code: -32601, message: 'no'}})}
    const session = message.method === 'initialize' ? {'mcp-session-id': `s${++sessions}`} : {}
    const status = result === undefined ? 404 : 200
    if (!sse)
      return response.writeHead(status, {'content-type': 'application/json', ...session}).end(JSON.stringify(answer))
    response.writeHead(status, {'content-type': 'text/event-stream', ...session})
    response.end(`id: 1\ndata: \n\nevent: message\nid: 2\ndata: ${JSON.stringify(answer)}\n\n`)
  })
  const innerPort = await listening(inner)
  const proxy = startProxy({inner: {port: innerPort}, specs, extraCopy})
  await proxy.start()
  const port = await listening(proxy.server)
  test.after(() => {
    for (const server of [proxy.server, inner]) {
      server.close()
      server.closeAllConnections()
    }
  })
  const ask: Behind['ask'] = async (method, params = {}, {headers = {}, body, http = 'POST'} = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
      method: http,
      headers: {'content-type': 'application/json', ...headers},
      ...(http === 'POST' ? {body: body ?? JSON.stringify({jsonrpc: '2.0', id: 7, method, params})} : {}),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    const data = text.split('\n').flatMap(line => (line.startsWith('data:') ? [parseObject(line.slice(5))] : []))
    return {
      status: response.status,
      headers: response.headers,
      text,
      message: parseObject(text) ?? data.find(one => one !== undefined),
    }
  }
  return {ask, reached}
}

function listening(server: Server): Promise<number> {
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}
