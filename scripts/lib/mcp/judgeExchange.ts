// Decides what one exchange means for the request that was sent. HTTP 200 means nothing in MCP.
import {mediaType} from './bodyReader.ts'
import type {Exchange} from './exchange.ts'
import {isResponse, type RequestId, type RpcMessage} from './jsonRpc.ts'
import {judgeResult} from './judgeResult.ts'
import type {Outcome, OutcomeKind, Question} from './outcome.ts'
import {clip, quote} from './quote.ts'
import type {Transport} from './transportFault.ts'

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
  const response = responseTo(exchange.messages, question.id, status)

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
    const {location} = exchange.headers
    const to = location ? ` to ${clip(location)}` : ''
    return outcome('http-error', `HTTP ${status}${to} after ${ms} ms${quote(exchange.text)}`, {
      text: exchange.text,
      ...(location && status < 400 && {location}),
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
    const heard = exchange.bytes > 0 ? ` (${http}${exchange.bytes} bytes, messages: ${exchange.messages.length})` : ''
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
  const events = exchange.sse ? `, events: ${exchange.sse.events}, empty: ${exchange.sse.empty}` : ''
  const others = exchange.messages.filter(isResponse).map(message => JSON.stringify(message.id))
  const instead = others.length > 0 ? `, but responses to ${others.join(', ')}` : ''
  return outcome(
    'no-response',
    `${http}the answer ended after ${ms} ms without a response to request ${JSON.stringify(question.id)} (${bytes} bytes${events}${instead})`,
  )
}

/** The response to `id`; where there is none, an error without id, which a server sends when it could not read ours. */
function responseTo(messages: RpcMessage[], id?: RequestId, status?: number): RpcMessage | undefined {
  const responses = messages.filter(isResponse)
  const ours = id === undefined ? undefined : responses.find(message => message.id === id)
  if (ours || status === undefined) return ours
  return responses.find(message => message.error && (message.id === null || message.id === undefined || status >= 400))
}

function scheme(challenge: string): string {
  return challenge.split(/[\s,]/, 1)[0] ?? challenge
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
