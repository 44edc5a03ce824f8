// One server in one era, opened, with all that the questions need to know of it.
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import type {McpClient} from '../../lib/mcp/connect.ts'
import {legacyHeaders} from '../../lib/mcp/era.ts'
import type {JsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {ToolDefinition} from '../../lib/mcp/listTools.ts'
import {modernHeaders, modernParams} from '../../lib/mcp/modernRequest.ts'
import type {Era} from '../../lib/mcp/protocol.ts'
import {awaitId} from './asked.ts'

export interface Subject {
  era: Era
  /** As clients go, through the ingress. */
  url: string
  /** Past the ingress. */
  inside: string
  client: McpClient
  tools: ToolDefinition[]
  settings: FleetServer
  /** The headers by which a client shows who it is; empty where the server asks for none. */
  credentials: Record<string, string>
  isRehearsal: boolean
}

const ways = {accept: 'application/json, text/event-stream', 'content-type': 'application/json'}

/** The headers of a good request to this server, in its era. */
function goodHeaders(subject: Subject, method: string, params: JsonObject = {}, inputSchema?: unknown) {
  const {era, client, credentials} = subject
  const own = era === 'modern' ? modernHeaders(method, params, inputSchema) : legacyHeaders(client)
  return {...ways, ...credentials, ...own}
}

/** The body of a good request to this server, in its era. */
export function goodBody({era}: Pick<Subject, 'era'>, method: string, params: JsonObject = {}): string {
  const whole = era === 'modern' ? modernParams(params, {}) : params
  return JSON.stringify({jsonrpc: '2.0', id: awaitId, method, params: whole})
}

/** A whole good request, of which a question then spoils a part. */
export function goodRequest(subject: Subject, method: string, params: JsonObject = {}, inputSchema?: unknown) {
  return {
    era: subject.era,
    url: subject.url,
    headers: goodHeaders(subject, method, params, inputSchema) as Record<string, string>,
    body: goodBody(subject, method, params),
  }
}
