// Sends one request to one copy and its answer back as it comes: nothing buffered, nothing sent twice, every break passed on.
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Dispatcher} from 'undici'
import {enter, leave} from './comeAndGo.ts'
import {responseHeaders} from './forwardHeaders.ts'
import type {RequestBody} from './requestBody.ts'
import type {Copy, OpenStream} from './table.ts'

/** What one attempt came to. */
export type Attempt =
  /** The answer was passed on to its end. */
  | {kind: 'answered'; status: number; bytes: number}
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
  /** After this time without an event a stream of events gets a comment, so that no proxy takes it for dead; 0: never. */
  commentMs: number
  onHead(sessionId: string | undefined, status: number): void
  /** Called once, with what the attempt came to. */
  onEnd(attempt: Attempt): void
}

/** Makes the attempt. Never throws. */
export function forward(options: ForwardOptions): void {
  const {copy, request, response, path, headers, body, stream} = options
  const exchange = new Exchange(options)
  response.on('close', exchange.onClientGone)
  if (stream) enter(copy.streams, exchange)
  else copy.inFlight += 1
  const method = request.method ?? 'GET'
  copy.pool.dispatch({path: copy.basePath + path, method, headers, body: body.open()}, exchange)
}

const lineFeed = 10

// A string of this length leaves together with the head in one write, without a buffer of its own.
const smallBytes = 16_384

// One object a request, since a dozen functions a request are most of what this process would allocate.
class Exchange implements Dispatcher.DispatchHandler, OpenStream {
  place = -1
  readonly #options: ForwardOptions
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #length = -1
  #bytes = 0
  #finished = false
  #cancelled = false
  #comment: NodeJS.Timeout | undefined
  #endsLine = true

  constructor(options: ForwardOptions) {
    this.#options = options
  }

  readonly onClientGone = () => {
    this.#cancelled = true
    this.#controller?.abort(new Error('cancelled'))
    this.#finish({kind: 'cancelled'})
  }

  cut(): void {
    this.#options.response.destroy()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#cancelled) controller.abort(new Error('cancelled'))
  }

  onResponseStart(from: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#finished) return
    const {response, mayBeElsewhere, closing, stream, onHead, commentMs} = this.#options
    this.#status = status
    // Read to its end for the sake of the connection, but the client is to hear the other copy.
    if (mayBeElsewhere && (status === 404 || status === 400)) return void this.#finish({kind: 'not-here'})
    const {headers, type, length, encoding, sessionId} = responseHeaders((from.rawHeaders as Buffer[]) ?? [])
    if (length !== undefined) this.#length = Number(length)
    if (closing) headers.push('Connection', 'close')
    // A date that the copy did not send is not ours to add.
    response.sendDate = false
    try {
      // Without the phrase of the copy, which means nothing (RFC 9112, section 4) and may hold what Node refuses to send.
      response.writeHead(status, headers)
    } catch (error) {
      from.abort(error as Error)
      return void this.#finish({kind: 'failed', error: `its answer cannot be passed on: ${faultText(error as Error)}`})
    }
    onHead(sessionId, status)
    const isEvents = type?.startsWith('text/event-stream') === true
    // The head of a stream must not wait for its first event; but where both came together, they leave together.
    if (stream || isEvents) setImmediate(flush, this)
    if (isEvents && encoding === undefined && length === undefined && commentMs > 0)
      this.#comment = setInterval(comment, commentMs, this).unref()
  }

  onResponseData(from: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#finished) return
    const {response} = this.#options
    const isWhole = this.#bytes === 0 && chunk.length === this.#length && chunk.length <= smallBytes
    this.#bytes += chunk.length
    if (this.#comment !== undefined) {
      this.#comment.refresh()
      this.#endsLine = chunk.at(-1) === lineFeed
    }
    if (isWhole) return void response.end(chunk.toString('latin1'), 'latin1')
    if (response.write(chunk)) return
    from.pause()
    response.once('drain', () => from.resume())
  }

  onResponseEnd(): void {
    if (this.#finished) return
    const {response} = this.#options
    // The connection of a request whose body was not read to its end cannot be used again.
    if (!response.writableEnded) response.end()
    this.#finish({kind: 'answered', status: this.#status, bytes: this.#bytes})
  }

  onResponseError(_from: unknown, error: Error): void {
    if (this.#finished) return
    const {response} = this.#options
    const told = faultText(error)
    if (this.#controller === undefined)
      return void this.#finish({kind: 'unsent', refused: isRefusal(error), error: told})
    if (!response.headersSent) return void this.#finish({kind: 'failed', error: told})
    this.#finish({kind: 'cut', status: this.#status, error: told, bytes: this.#bytes})
    response.destroy()
  }

  flush(): void {
    if (!this.#finished && this.#bytes === 0) this.#options.response.flushHeaders()
  }

  // One line without the empty one that would end an event, and only where a line begins, so that no event is changed by it.
  comment(): void {
    const {response} = this.#options
    if (this.#endsLine && !response.writableNeedDrain) response.write(':\n')
  }

  #finish(attempt: Attempt): void {
    if (this.#finished) return
    this.#finished = true
    clearInterval(this.#comment)
    const {copy, response, stream, onEnd} = this.#options
    response.off('close', this.onClientGone)
    if (stream) leave(copy.streams, this)
    else copy.inFlight -= 1
    onEnd(attempt)
  }
}

function flush(exchange: Exchange): void {
  exchange.flush()
}

function comment(exchange: Exchange): void {
  exchange.comment()
}

function isRefusal(error: Error & {code?: string}): boolean {
  return error.code === 'ECONNREFUSED'
}

function faultText(error: Error & {code?: string}): string {
  return error.code !== undefined && !error.message.includes(error.code)
    ? `${error.message} (${error.code})`
    : error.message
}
