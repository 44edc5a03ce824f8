// Writes the answers that the ingress gives itself.
import type {IncomingMessage, ServerResponse} from 'node:http'

/** Answers with JSON. A body that the client is still sending is not waited for: the connection ends after the answer. */
export function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: {[name: string]: string} = {},
) {
  if (response.headersSent || response.destroyed) return
  const body = `${JSON.stringify(value)}\n`
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...(isSending(request) ? {connection: 'close'} : {}),
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function isSending({complete, headers}: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  return hasBody && !complete
}

/** The JSON-RPC error for a session that ended with its copy; 404 makes a conforming client start over (2025-11-25). */
export function sessionNotFound(body: Buffer | undefined): unknown {
  return {jsonrpc: '2.0', id: requestId(body), error: {code: -32001, message: 'Session not found'}}
}

/**
 * True when a running call may depend on this message: an answer to what the server asked, or a notification such as a
 * cancellation. New requests, and what cannot be read, may wait.
 */
export function endsRunningWork(method: string | undefined, body: Buffer | undefined): boolean {
  if (method === 'DELETE') return true
  const message = parse(body)
  return message !== undefined && (typeof message.method !== 'string' || message.id === undefined)
}

function requestId(body: Buffer | undefined): unknown {
  const id = parse(body)?.id
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function parse(body: Buffer | undefined): {[key: string]: unknown} | undefined {
  if (body === undefined || body.length === 0) return undefined
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as {[key: string]: unknown})
      : undefined
  } catch {
    // The body of a server: what is no JSON has no id to look for.
    return undefined
  }
}
