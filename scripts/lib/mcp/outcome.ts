// Decides what one exchange means for the request that was sent. HTTP 200 means nothing in MCP.
import {mediaType} from './bodyReader.ts'
import type {Exchange} from './exchange.ts'
import {isJsonObject, isResponse, type JsonObject, type RequestId, type RpcError, type RpcMessage} from './jsonRpc.ts'
import type {SchemaCheck} from './schemaCheck.ts'
import type {Transport} from './transportFault.ts'

/** What a request came to. Only `result` (and `accepted`, for a notification) is success. */
export type OutcomeKind =
  | 'result'
  | 'accepted'
  | 'tool-error'
  | 'input-required'
  | 'rpc-error'
  | 'http-error'
  | 'auth-required'
  | 'no-response'
  | 'not-mcp'
  | 'bad-result'
  | 'wrong-era'
  | 'schema-mismatch'
  | 'schema-broken'
  | Exclude<Transport, 'ok'>

/** The meaning of one request, as plain data. `summary` is one sentence with its numbers. */
export type Outcome = {
  kind: OutcomeKind
  summary: string
  result?: JsonObject
  error?: RpcError
  status?: number
  ms: number
  bytes?: number
  firstByteMs?: number
  /** The first characters of an answer that was not MCP. */
  text?: string
}

/** What was asked: `what` names it in the summary; `id` is absent for a notification. */
export type Question = {what: string; id?: RequestId; outputCheck?: SchemaCheck}

/** True for the outcomes that are success. */
export function isGood(outcome: Outcome): boolean {
  return outcome.kind === 'result' || outcome.kind === 'accepted'
}

/** Judges one exchange. Pure. A response to our id counts even when its stream was cut afterwards. */
export function judgeExchange(exchange: Exchange, question: Question): Outcome {
  const {status, ms, bytes, firstByteMs} = exchange
  const outcome = (kind: OutcomeKind, told: string, more: Partial<Outcome> = {}): Outcome => ({
    kind,
    summary: `${question.what}: ${told}`,
    status,
    ms,
    bytes,
    firstByteMs,
    ...more,
  })
  const http = status === undefined ? '' : `HTTP ${status}, `
  const response = question.id === undefined ? undefined : responseTo(exchange.messages, question.id, status)

  if (status === 401 || status === 403) {
    const challenge = exchange.headers['www-authenticate']
    if (challenge)
      return outcome(
        'auth-required',
        `HTTP ${status}, authentication is required (${scheme(challenge)}) after ${ms} ms`,
      )
  }
  if (response?.error) {
    const nobody = response.id === null || response.id === undefined ? ' with no id' : ''
    const {code, message} = response.error
    return outcome('rpc-error', `${http}JSON-RPC error ${code} "${clip(message)}"${nobody} after ${ms} ms`, {
      error: response.error,
    })
  }
  if (status !== undefined && (status < 200 || status > 299)) {
    const location = exchange.headers.location ? ` to ${clip(exchange.headers.location)}` : ''
    return outcome('http-error', `HTTP ${status}${location} after ${ms} ms${quote(exchange.text)}`, {
      text: exchange.text,
    })
  }
  if (response) {
    const type = mediaType(exchange.contentType)
    if (status !== undefined && type !== 'application/json' && type !== 'text/event-stream') {
      return outcome(
        'not-mcp',
        `${http}content type "${type}", where MCP requires application/json or text/event-stream`,
      )
    }
    return judgeResult(response.result, question, ms, outcome)
  }
  if (exchange.transport !== 'ok') {
    const heard =
      exchange.bytes > 0 ? ` (${http}${exchange.bytes} bytes, ${exchange.messages.length} messages before)` : ''
    return outcome(
      exchange.transport,
      `${fault[exchange.transport]} after ${ms} ms${heard}: ${exchange.error ?? ''}${quote(exchange.text)}`,
      {text: exchange.text || undefined},
    )
  }
  if (question.id === undefined) return outcome('accepted', `${http}accepted after ${ms} ms`)
  if (exchange.text !== '') {
    const type = mediaType(exchange.contentType) || 'none'
    return outcome(
      'not-mcp',
      `${http}an answer that is not JSON-RPC (content type ${type}) after ${ms} ms${quote(exchange.text)}`,
      {text: exchange.text},
    )
  }
  const events = exchange.sse ? `, ${exchange.sse.events} events of which ${exchange.sse.empty} empty` : ''
  const others = exchange.messages.filter(isResponse).map(message => JSON.stringify(message.id))
  const instead = others.length > 0 ? `, but responses to ${others.join(', ')}` : ''
  return outcome(
    'no-response',
    `${http}the answer ended after ${ms} ms without a response to request ${JSON.stringify(question.id)} (${bytes} bytes${events}${instead})`,
  )
}

type MakeOutcome = (kind: OutcomeKind, told: string, more?: Partial<Outcome>) => Outcome

function judgeResult(result: unknown, question: Question, ms: number, outcome: MakeOutcome): Outcome {
  if (!isJsonObject(result))
    return outcome('bad-result', `the result is ${JSON.stringify(result)?.slice(0, 80)}, where an object is required`)
  if (result.resultType === 'input_required')
    return outcome('input-required', `the server asks for input after ${ms} ms`, {result})
  if (result.isError === true)
    return outcome('tool-error', `the tool reports an error after ${ms} ms${quote(firstText(result))}`, {result})
  const check = question.outputCheck
  if (check && !check.ok)
    return outcome('schema-broken', `the declared outputSchema cannot be used: ${check.reason}`, {result})
  if (check) {
    if (!('structuredContent' in result)) {
      return outcome('schema-mismatch', 'the tool declares an outputSchema but its result has no structuredContent', {
        result,
      })
    }
    const faults = check.faults(result.structuredContent)
    if (faults.length > 0) {
      return outcome(
        'schema-mismatch',
        `structuredContent does not satisfy the outputSchema: ${faults.slice(0, 3).join('; ')}${faults.length > 3 ? ` and ${faults.length - 3} more` : ''}`,
        {result},
      )
    }
  }
  return outcome('result', `answered after ${ms} ms`, {result})
}

/** The response to `id`; where there is none, an error without id, which a server sends when it could not read ours. */
function responseTo(messages: RpcMessage[], id: RequestId, status?: number): RpcMessage | undefined {
  const responses = messages.filter(isResponse)
  const ours = responses.find(message => message.id === id)
  if (ours || status === undefined) return ours
  return responses.find(message => message.error && (message.id === null || message.id === undefined || status >= 400))
}

function firstText(result: JsonObject): string {
  const content = Array.isArray(result.content) ? result.content : []
  const text = content.find(item => isJsonObject(item) && item.type === 'text')?.text
  return typeof text === 'string' ? text : ''
}

function scheme(challenge: string): string {
  return challenge.split(/[\s,]/, 1)[0] ?? challenge
}

function clip(text: unknown, length = 160): string {
  const line = String(text).replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length)}…` : line
}

function quote(text: string): string {
  return text === '' ? '' : `: "${clip(text)}"`
}

const fault: {[transport in Exclude<Transport, 'ok'>]: string} = {
  refused: 'connection refused',
  reset: 'connection reset',
  closed: 'connection closed before the answer was complete',
  deadline: 'deadline passed',
  cancelled: 'cancelled',
  'too-large': 'too large',
  dns: 'host name not found',
  tls: 'TLS failed',
  unreachable: 'host not reachable',
  'not-http': 'the answer is not HTTP',
  'not-started': 'the program did not start',
  failed: 'the request failed',
}
