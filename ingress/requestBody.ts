// Takes in the body of a request: a small one whole, so that it can wait or be offered twice; a large one as a stream.
import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'

/** Bodies of a declared length up to this are read whole before anything is sent on. */
export const wholeBytes = 64 * 1024

/** `open` gives the body for one attempt; `heldBytes` is what waiting keeps in memory. */
export type RequestBody = {
  open(): Buffer | Readable | null
  heldBytes: number
  /** The text of a body that was read whole. */
  whole?: Buffer
}

const empty: RequestBody = {open: () => null, heldBytes: 0, whole: Buffer.alloc(0)}

/**
 * Reads the body as far as it must be, then calls `taken`; with undefined when the client went away first. A callback, since
 * most requests have nothing to wait for.
 */
export function takeBody(request: IncomingMessage, taken: (body: RequestBody | undefined) => void): void {
  const {'content-length': length, 'transfer-encoding': encoding} = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return void taken(empty)
  const declared = Number(length)
  // A stream waits with at most what its buffer takes in; the rest stays with the client.
  if (!(declared <= wholeBytes))
    return void taken({open: () => lazily(request), heldBytes: request.readableHighWaterMark})
  const chunks: Buffer[] = []
  let ended = false
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    ended = true
    const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
    taken({open: () => whole, heldBytes: whole.length, whole})
  })
  request.on('close', () => {
    if (!ended) taken(undefined)
  })
}

/**
 * A view of the request that takes nothing from it until it is read. The HTTP client destroys the body of an attempt that
 * was answered early; what the client still sends must then be read all the same, since closing a connection with
 * unread bytes resets it, and the end of the answer is lost on the way.
 */
function lazily(request: IncomingMessage): Readable {
  let begun = false
  const onData = (chunk: Buffer) => {
    if (!view.push(chunk)) request.pause()
  }
  const onEnd = () => view.push(null)
  const onClose = () => {
    if (!request.readableEnded) view.destroy(new Error('the client went away while it was sending'))
  }
  const view = new Readable({
    read() {
      if (begun) return void request.resume()
      begun = true
      request.on('data', onData).on('end', onEnd).on('close', onClose)
    },
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      if (begun) request.resume()
      done(error)
    },
  })
  return view
}
