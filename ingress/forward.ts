// Sends one request to one copy and its answer back as it comes: nothing buffered, nothing sent twice, every break passed on.
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Dispatcher} from 'undici'
import {responseHeaders} from './forwardHeaders.ts'
import type {RequestBody} from './requestBody.ts'
import type {Copy} from './table.ts'

/** What one attempt came to. */
export type Attempt =
  /** The answer was passed on to its end. */
  | {kind: 'answered'; status: number; sessionId?: string; bytes: number}
  /** No byte was sent; `refused` when nobody listens there. The request may go elsewhere or wait. */
  | {kind: 'unsent'; refused: boolean; error: string}
  /** The copy does not know the session, and the answer was kept from the client, because another copy may. */
  | {kind: 'not-here'}
  /** The copy broke off before it answered; it may or may not have done the work. The client has seen nothing. */
  | {kind: 'failed'; error: string}
  /** The copy broke off within its answer; the client's connection was cut, so that it cannot look complete. */
  | {kind: 'cut'; status: number; error: string; bytes: number}
  /** The client went away; so was the request to the copy. */
  | {kind: 'cancelled'}

/** One attempt. `path` is as the copy should see it; `stream` marks one that stays open and is cut when the copy ends. */
export type ForwardOptions = {
  copy: Copy
  request: IncomingMessage
  response: ServerResponse
  path: string
  headers: string[]
  body: RequestBody
  stream: boolean
  /** True when 400 or 404 means that another copy is to be asked. */
  mayBeElsewhere: boolean
  closing: boolean
  onHead(sessionId: string | undefined, status: number): void
}

/** Makes the attempt. Never rejects. */
export function forward(options: ForwardOptions): Promise<Attempt> {
  const {copy, request, response, stream} = options
  return new Promise(resolve => {
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let sessionId: string | undefined
    let bytes = 0
    let finished = false
    let discarded = false
    let cancelled = false

    const finish = (attempt: Attempt) => {
      if (finished) return
      finished = true
      response.off('close', onClientGone)
      copy.cutStreams.delete(cut)
      if (stream) copy.streams -= 1
      else copy.inFlight -= 1
      resolve(attempt)
    }
    const cancel = () => {
      cancelled = true
      controller?.abort(new Error('cancelled'))
    }
    const onClientGone = () => {
      cancel()
      finish({kind: 'cancelled'})
    }
    const cut = () => {
      response.destroy()
    }
    const flush = () => {
      if (!finished && bytes === 0) response.flushHeaders()
    }

    response.on('close', onClientGone)
    if (stream) {
      copy.streams += 1
      copy.cutStreams.add(cut)
    } else copy.inFlight += 1

    const onResponseStart = (from: Dispatcher.DispatchController, code: number, message?: string) => {
      if (code < 200 || finished) return
      status = code
      if (options.mayBeElsewhere && (code === 404 || code === 400)) {
        // Read to its end for the sake of the connection, but the client is to hear the other copy.
        discarded = true
        return finish({kind: 'not-here'})
      }
      const headers = responseHeaders((from.rawHeaders as Buffer[]) ?? [])
      const type = headerValue(headers, 'content-type')
      sessionId = headerValue(headers, 'mcp-session-id')
      options.onHead(sessionId, code)
      if (options.closing) headers.push('Connection', 'close')
      // A date that the copy did not send is not ours to add.
      response.sendDate = false
      response.writeHead(code, message, headers)
      // The head of a stream must not wait for its first event; but where both came together, they leave together.
      if (stream || type?.startsWith('text/event-stream')) setImmediate(flush)
    }

    copy.pool.dispatch(
      {
        path: copy.basePath + options.path,
        method: request.method ?? 'GET',
        headers: options.headers,
        body: options.body.open(),
      },
      {
        onRequestStart(started) {
          controller = started
          if (cancelled) started.abort(new Error('cancelled'))
        },
        onResponseStart: (from, code, _headers, message) => onResponseStart(from, code, message),
        onResponseData(from, chunk) {
          if (discarded || finished) return
          bytes += chunk.length
          if (response.write(chunk)) return
          from.pause()
          response.once('drain', () => from.resume())
        },
        onResponseEnd() {
          if (discarded || finished) return
          // The connection of a request whose body was not read to its end cannot be used again.
          response.end()
          finish({kind: 'answered', status, sessionId, bytes})
        },
        onResponseError(_from, error) {
          if (discarded || finished) return
          const told = faultText(error)
          if (controller === undefined) return finish({kind: 'unsent', refused: isRefusal(error), error: told})
          if (!response.headersSent) return finish({kind: 'failed', error: told})
          finish({kind: 'cut', status, error: told, bytes})
          response.destroy()
        },
      },
    )
  })
}

function headerValue(headers: readonly string[], wanted: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (name.length === wanted.length && name.toLowerCase() === wanted) return headers[index + 1]
  }
  return undefined
}

function isRefusal(error: Error & {code?: string}): boolean {
  return error.code === 'ECONNREFUSED'
}

function faultText(error: Error & {code?: string}): string {
  return error.code !== undefined && !error.message.includes(error.code)
    ? `${error.message} (${error.code})`
    : error.message
}
