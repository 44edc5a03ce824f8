// JSON-RPC 2.0 messages as they appear on the wire, and the guards that tell them apart.

/** A request id. MCP forbids null in requests; servers use null when they could not read the id. */
export type RequestId = string | number

/** Any JSON object read from the wire. */
export type JsonObject = {[key: string]: unknown}

/** The error member of a JSON-RPC response. */
export type RpcError = {code: number; message: string; data?: unknown}

/** A JSON-RPC message, kept exactly as it was read: unknown fields are not dropped. */
export type RpcMessage = JsonObject & {
  jsonrpc: '2.0'
  id?: RequestId | null
  method?: string
  params?: JsonObject
  result?: unknown
  error?: RpcError
}

/** True for a plain JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True when `value` has the form of a JSON-RPC 2.0 request, notification or response. */
export function isRpcMessage(value: unknown): value is RpcMessage {
  if (!isJsonObject(value) || value.jsonrpc !== '2.0') return false
  return typeof value.method === 'string' || 'result' in value || isJsonObject(value.error)
}

/** True when `message` answers a request (it has a result or an error and no method). */
export function isResponse(message: RpcMessage): boolean {
  return message.method === undefined && ('result' in message || 'error' in message)
}

/** True when the server asks something of the client (it has a method and an id). */
export function isServerRequest(message: RpcMessage): message is RpcMessage & {method: string; id: RequestId} {
  return typeof message.method === 'string' && message.id !== undefined && message.id !== null
}
