// Opens one event stream and watches how it ends, keeping nothing of what it carries.
import http from 'node:http'
import https from 'node:https'
import {createParser} from 'eventsource-parser'
import {clip} from '../mcp/quote.ts'
import {faultText, transportFault} from '../mcp/transportFault.ts'

/** A request whose answer should be a stream. `timeoutMs` holds until its head has come. */
export type StreamRequest = {
  url: string
  method: 'GET' | 'POST'
  headers: {[name: string]: string}
  body?: string
  timeoutMs: number
  onEvent(data: string): void
}

/** How a stream ended: `clean` as HTTP asks, `cut` by the network or its other side, `closed` by us. */
export type StreamEnd = {how: 'clean' | 'cut' | 'closed'; detail: string; lastEventId?: string; retryMs?: number}

/** An open stream, or why there is none. */
export type OpenedStream =
  | {ok: true; ended: Promise<StreamEnd>; close(): void}
  | {ok: false; status?: number; detail: string}

// An answer that is no stream is read this far, for the words it has.
const keptCharacters = 2000

/** Opens it. Never rejects. */
export function watchStream(request: StreamRequest): Promise<OpenedStream> {
  return new Promise(resolve => {
    const url = new URL(request.url)
    const {request: open} = url.protocol === 'https:' ? https : http
    const headers = {'user-agent': 'seaworthy', accept: 'text/event-stream', ...request.headers}
    const outgoing = open(url, {method: request.method, headers, agent: false})
    const deadline = setTimeout(
      () => outgoing.destroy(new Error(`no stream within ${request.timeoutMs} ms`)),
      request.timeoutMs,
    )
    outgoing.on('error', error => {
      clearTimeout(deadline)
      resolve({ok: false, detail: `${transportFault(error)}: ${faultText(error)}`})
    })
    outgoing.on('response', answer => {
      const status = answer.statusCode ?? 0
      if (status === 200 && /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '')) {
        clearTimeout(deadline)
        resolve({ok: true, ...follow(answer, request.onEvent, () => outgoing.destroy())})
        return
      }
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', part => {
        if (text.length < keptCharacters) text += part
      })
      answer.on('error', () => {})
      answer.on('close', () => {
        clearTimeout(deadline)
        resolve({ok: false, status, detail: `HTTP ${status}${text === '' ? '' : `: "${clip(text)}"`}`})
      })
    })
    outgoing.end(request.body)
  })
}

function follow(answer: http.IncomingMessage, onEvent: (data: string) => void, destroy: () => void) {
  let closed = false
  let lastEventId: string | undefined
  let retryMs: number | undefined
  const parser = createParser({
    onEvent(event) {
      lastEventId = event.id ?? lastEventId
      if (event.data !== '') onEvent(event.data)
    },
    onRetry: ms => {
      retryMs = ms
    },
  })
  const ended = new Promise<StreamEnd>(resolve => {
    const end = (how: StreamEnd['how'], detail: string) =>
      resolve({how: closed ? 'closed' : how, detail, lastEventId, retryMs})
    const decoder = new TextDecoder()
    answer.on('data', (bytes: Uint8Array) => parser.feed(decoder.decode(bytes, {stream: true})))
    answer.on('error', error => end('cut', `${transportFault(error)}: ${faultText(error)}`))
    // Node gives an answer that was cut an error and no end.
    answer.on('end', () => end('clean', 'the stream ended'))
    answer.on('close', () => end('cut', 'the connection closed'))
  })
  return {
    ended,
    close() {
      closed = true
      destroy()
    },
  }
}
