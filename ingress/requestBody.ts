// Takes in the body of a request: a small one whole, so that it can wait or be offered twice; a large one as a stream.
import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'

/** Bodies of a declared length up to this are read whole before anything is sent on. */
const wholeBytes = 64 * 1024

/** `open` gives the body for one attempt; `heldBytes` is what waiting keeps in memory. */
export type RequestBody = {
  open(): Buffer | Readable | null
  heldBytes: number
  /** The text of a body that was read whole. */
  whole?: Buffer
}

/** Reads bodies, within a bound on all that are being read at the same time. */
export type Bodies = {
  /**
   * Reads the body as far as it must be, then calls `taken`: with the body, or with `gone` when the client went away first,
   * `slow` when it did not send the whole in time, `full` when too much is being read already. A callback, since most
   * requests have nothing to wait for.
   */
  take(request: IncomingMessage, taken: (body: RequestBody | 'gone' | 'slow' | 'full') => void): void
}

export type BodyLimits = {
  /** The most that all bodies that have not arrived whole may declare together. */
  totalBytes: number
  /** The time in which a body that is read whole must arrive. */
  wholeMs: number
}

const empty: RequestBody = {open: () => null, heldBytes: 0, whole: Buffer.alloc(0)}

/** Makes the reading of bodies, with nothing being read yet. */
export function makeBodies({totalBytes, wholeMs}: BodyLimits): Bodies {
  let reading = 0
  return {
    take(request, taken) {
      const {'content-length': length, 'transfer-encoding': encoding} = request.headers
      if (encoding === undefined && (length === undefined || length === '0')) return void taken(empty)
      const declared = Number(length)
      // A stream waits with at most what its buffer takes in; the rest stays with the client.
      if (!(declared <= wholeBytes))
        return void taken({open: () => lazily(request), heldBytes: request.readableHighWaterMark})
      if (reading + declared > totalBytes) return void taken('full')
      reading += declared
      let isOver = false
      const over = (body: RequestBody | 'gone' | 'slow') => {
        if (isOver) return
        isOver = true
        reading -= declared
        clearTimeout(deadline)
        taken(body)
      }
      const deadline = setTimeout(over, wholeMs, 'slow')
      readWhole(request, over)
    },
  }
}

function readWhole(request: IncomingMessage, over: (body: RequestBody | 'gone') => void): void {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
    over({open: () => whole, heldBytes: whole.length, whole})
  })
  request.on('close', () => over('gone'))
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
