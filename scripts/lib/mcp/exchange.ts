// Makes one HTTP request and tells, as plain data, everything that came back and how it ended.
import http from 'node:http'
import https from 'node:https'
import {type BodyReader, readBody} from './bodyReader.ts'
import {type BodyDecoder, decodeBody} from './decodeBody.ts'
import {elapsedMs} from './elapsedMs.ts'
import {isResponse, type RequestId, type RpcMessage} from './jsonRpc.ts'
import type {SseCounts} from './sse.ts'
import {faultText, type Transport, transportFault} from './transportFault.ts'

/** The largest body that is read unless told otherwise: 10 MiB. */
export const defaultMaximumBytes = 10 * 1024 * 1024

// Without the header any coding is acceptable (RFC 9110, 12.5.3). Decoding costs time that is not the server's, so none is asked
// for; the official client, which is asked beside this one, does ask.
const acceptedCoding = 'identity'

/** One request to make. Redirects are not followed and nothing is retried. */
export type ExchangeRequest = {
  url: string
  method: 'GET' | 'POST' | 'DELETE'
  headers?: {[name: string]: string}
  body?: string
  /** From the start to the end of the answer, everything included. */
  timeoutMs: number
  maximumBytes?: number
  /** How much of a body that is not JSON-RPC is kept as `text`; default 4096 characters. */
  keptCharacters?: number
  signal?: AbortSignal
  /** Reading ends (after `lingerMs`) once the response to this request id was read. */
  awaitId?: RequestId
  /** How long a server may take to end its stream after the awaited response; default 50. */
  lingerMs?: number
  onMessage?: (message: RpcMessage) => void
  /** Reading ends with the head of the answer, of which a stream may have no end. */
  headOnly?: boolean
  /** Default: a new connection for every exchange, so that a fault is never one of a stale kept connection. */
  agent?: http.Agent
}

/** What one request brought. `ms` ends at the awaited response where there is one, else at the end of the exchange. */
export type Exchange = {
  transport: Transport
  status?: number
  headers: {[name: string]: string}
  contentType?: string
  messages: RpcMessage[]
  /** The beginning of what could not be read as JSON-RPC. */
  text: string
  /** True when the server ended its answer properly; false when it was cut, or reading stopped before its end. */
  streamEnded: boolean
  sse?: SseCounts
  bytes: number
  ms: number
  firstByteMs?: number
  error?: string
}

/** Makes one request. Never throws and never rejects, whatever the server, the network or the request is like. */
export function exchange(request: ExchangeRequest): Promise<Exchange> {
  const maximumBytes = request.maximumBytes ?? defaultMaximumBytes
  const startedAt = performance.now()
  const seen: Exchange = {
    transport: 'ok',
    headers: {},
    messages: [],
    text: '',
    streamEnded: false,
    bytes: 0,
    ms: 0,
  }
  return new Promise(resolve => {
    let outgoing: http.ClientRequest | undefined
    let body: BodyReader | undefined
    let decoder: BodyDecoder | undefined
    let answeredMs: number | undefined
    let linger: NodeJS.Timeout | undefined
    let finished = false

    const finish = (transport: Transport, error?: string) => {
      if (finished) return
      finished = true
      clearTimeout(deadline)
      clearTimeout(linger)
      request.signal?.removeEventListener('abort', onAbort)
      const ms = answeredMs ?? elapsedMs(startedAt)
      resolve({
        ...seen,
        transport,
        error,
        ms,
        messages: body?.messages ?? [],
        text: body?.unreadable() ?? '',
        sse: body?.sse,
      })
      // A socket left open would keep this process, and perhaps the work of the server, alive.
      outgoing?.destroy()
      decoder?.destroy()
    }
    const onAbort = () => finish('cancelled', 'cancelled by the caller')
    const deadline = setTimeout(
      () =>
        answeredMs === undefined
          ? finish('deadline', `no complete answer within ${request.timeoutMs} ms`)
          : finish('ok'),
      request.timeoutMs,
    )
    const onMessage = (message: RpcMessage) => {
      request.onMessage?.(message)
      if (request.awaitId === undefined || answeredMs !== undefined) return
      if (!isResponse(message) || message.id !== request.awaitId) return
      answeredMs = elapsedMs(startedAt)
      linger = setTimeout(() => finish('ok'), request.lingerMs ?? 50)
    }
    const onAnswer = (answer: http.IncomingMessage) => {
      seen.status = answer.statusCode
      seen.firstByteMs = elapsedMs(startedAt)
      for (const [name, value] of Object.entries(answer.headers)) seen.headers[name] = [value].flat().join(', ')
      seen.contentType = seen.headers['content-type']
      if (request.headOnly) return finish('ok')
      const reader = readBody(seen.contentType, onMessage, request.keptCharacters)
      body = reader
      const decode = decodeBody(seen.headers['content-encoding'], {
        // A few bytes can decode to many, so the bound is for what comes out.
        onData: bytes => {
          if (finished) return
          seen.bytes += bytes.length
          if (seen.bytes > maximumBytes) finish('too-large', `the answer is larger than ${maximumBytes} bytes`)
          else reader.push(bytes)
        },
        onEnd: () => {
          if (finished) return
          seen.streamEnded = answer.complete
          reader.end()
          finish('ok')
        },
        onError: error => finish('failed', `the answer cannot be decoded: ${error.message}`),
      })
      decoder = decode
      answer.on('data', (bytes: Uint8Array) => !finished && decode.push(bytes))
      answer.on('end', () => !finished && decode.end())
      answer.on('error', (error: Error) =>
        finish(transportFault(error), `cut off after ${seen.bytes} bytes: ${faultText(error)}`),
      )
    }

    if (request.signal?.aborted) return onAbort()
    request.signal?.addEventListener('abort', onAbort)
    try {
      const url = new URL(request.url)
      const {request: open} = url.protocol === 'https:' ? https : http
      const headers = {'user-agent': 'seaworthy', 'accept-encoding': acceptedCoding, ...request.headers}
      outgoing = open(url, {method: request.method, headers, agent: request.agent ?? false}, onAnswer)
      outgoing.on('error', error => finish(transportFault(error), faultText(error)))
      outgoing.end(request.body)
    } catch (error) {
      finish('failed', `the request could not be made: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}
