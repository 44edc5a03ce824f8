// One deliberately wrong request to a server, and all of its answer that a judgement needs, as plain data.
import {exchange} from '../../lib/mcp/exchange.ts'
import {isJsonObject, isResponse, type JsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {Era} from '../../lib/mcp/protocol.ts'
import {clip} from '../../lib/mcp/quote.ts'
import type {Transport} from '../../lib/mcp/transportFault.ts'

/** What to send. `step` names the request within its question; `sent` says in words what is wrong with it. */
export interface Sending {
  step: string
  sent: string
  era: Era
  url: string
  method?: 'GET' | 'POST' | 'DELETE'
  headers: Record<string, string>
  body?: string
  /** The server may begin a stream that never ends: its head is all that is wanted. */
  headOnly?: boolean
}

/** What came back. `code` is that of a JSON-RPC error; `result` is present when the request was answered with success. */
export interface Asked {
  step: string
  sent: string
  era: Era
  transport: Transport
  status?: number
  type?: string
  challenge?: string
  code?: number
  result?: 'result' | 'isError'
  /** Revisions that an error names as supported. */
  supported?: string[]
  /** A JSON object that is no message, such as a metadata document. */
  document?: JsonObject
  text: string
  ms: number
}

export interface Bounds {
  timeoutMs: number
  maximumBytes: number
  signal: AbortSignal
}

// An answer to a refused request is a few hundred bytes; more is no better evidence.
const keptCharacters = 2000

/** Never throws for what the server does. The bounds hold for endless, huge and unreadable answers as well. */
export async function ask(sending: Sending, bounds: Bounds): Promise<Asked> {
  const {step, sent, era, url, method = 'POST', headers, body, headOnly} = sending
  const seen = await exchange({url, method, headers, body, ...bounds, keptCharacters, awaitId, headOnly})
  const message = seen.messages.find(isResponse)
  const {error, result} = message ?? {}
  const supported = (error?.data as {supported?: unknown} | undefined)?.supported
  return {
    step,
    sent,
    era,
    transport: seen.transport,
    status: seen.status,
    type: seen.contentType,
    challenge: seen.headers['www-authenticate'],
    code: error?.code,
    result: result === undefined ? undefined : (result as {isError?: unknown})?.isError === true ? 'isError' : 'result',
    supported: Array.isArray(supported) ? supported.map(String) : undefined,
    document: message === undefined ? documentIn(seen.text) : undefined,
    text: clip(message === undefined ? seen.text || (seen.error ?? '') : JSON.stringify(message), 300),
    ms: Math.round(seen.ms),
  }
}

function documentIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    // The answer of a server: what is no JSON is judged as such.
    return undefined
  }
}

/** The id of every request that is sent here, so that a stream may be left as soon as it was answered. */
export const awaitId = 1

/** One line: what was sent and what came back. */
export function told(asked: Asked): string {
  const {sent, era, transport, status, code, result, text, ms} = asked
  const answer = [
    status === undefined ? undefined : `HTTP ${status}`,
    transport === 'ok' ? undefined : transport,
    code === undefined ? undefined : `JSON-RPC ${code}`,
    result,
  ]
  return `${era}: ${sent} → ${answer.filter(part => part !== undefined).join(', ')} after ${ms} ms ${text}`
}
