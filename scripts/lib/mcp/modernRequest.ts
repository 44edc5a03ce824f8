// Dresses a request for the modern era: what every body and every set of headers must carry (SEP-2575, SEP-2243).
import type {JsonObject} from './jsonRpc.ts'
import {encodeHeaderValue, parameterHeaders} from './parameterHeaders.ts'
import {clientInfo, modernVersion} from './protocol.ts'

const nameField: {[method: string]: string} = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** The params of a modern request: the given ones and the `_meta` envelope (MCP 2026-07-28, basic/index). */
export function modernParams(params: JsonObject, capabilities: JsonObject): JsonObject {
  const meta = {
    ...(params._meta as JsonObject | undefined),
    'io.modelcontextprotocol/protocolVersion': modernVersion,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  return {...params, _meta: meta}
}

/**
 * The headers of a modern request (MCP 2026-07-28, basic/transports/streamable-http). `inputSchema` is that of the
 * called tool; its `x-mcp-header` properties are mirrored as `Mcp-Param-*`.
 */
export function modernHeaders(method: string, params: JsonObject, inputSchema?: unknown): {[name: string]: string} {
  const headers: {[name: string]: string} = {'MCP-Protocol-Version': modernVersion, 'Mcp-Method': method}
  const field = Object.hasOwn(nameField, method) ? nameField[method] : undefined
  const name = field === undefined ? undefined : params[field]
  if (typeof name === 'string') headers['Mcp-Name'] = encodeHeaderValue(name)
  if (method === 'tools/call') Object.assign(headers, parameterHeaders(inputSchema, params.arguments))
  return headers
}
