// Lets held clients do all that they do against a server in this process, so that their code is compiled before their turn.
import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {json} from 'node:stream/consumers'
import {legacyVersions, modernVersion} from '../lib/mcp/protocol.ts'
import type {WitnessSeen} from '../lib/witness/seen.ts'
import {startWitness} from '../lib/witness/startWitness.ts'
import {callsPerSecond, sessions} from './underWitness.ts'

const withinMs = 3000
const tool = 'nothing'

/** For a step that waits for its turn. What the clients saw tells whether they did everything. */
export async function warmWitness(): Promise<WitnessSeen> {
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const {port} = server.address() as AddressInfo
    const target = {server: 'warm', url: `http://127.0.0.1:${port}`, probe: {tool}, timeoutMs: withinMs}
    const signal = AbortSignal.timeout(withinMs)
    return await (await startWitness({targets: [target], signal, callsPerSecond, sessions})).stop()
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const about = {capabilities: {tools: {}}, serverInfo: {name: 'warm', version: '1.0.0'}}
const modern = {resultType: 'complete', ttlMs: 0, cacheScope: 'public'}
const results: Readonly<Record<string, object>> = {
  'server/discover': {...modern, ...about, supportedVersions: [modernVersion]},
  initialize: {...about, protocolVersion: legacyVersions[0]},
  'tools/list': {...modern, tools: [{name: tool, inputSchema: {type: 'object'}}]},
  'tools/call': {resultType: 'complete', content: []},
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') return response.writeHead(200, {'content-type': 'text/event-stream'}).flushHeaders()
  if (request.method === 'DELETE') return void response.end()
  const {id, method} = (await json(request)) as {id?: unknown; method: string}
  if (id === undefined) return void response.writeHead(202).end()
  response.writeHead(200, {'content-type': 'application/json', 'mcp-session-id': 'warm'})
  response.end(JSON.stringify({jsonrpc: '2.0', id, result: results[method] ?? {}}))
}
