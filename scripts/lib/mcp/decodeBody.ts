// Decodes the content codings of an HTTP body while it arrives: gzip, deflate (also raw), br, zstd, and lists of them.
import type {Transform} from 'node:stream'
import {createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress} from 'node:zlib'

/** Takes the bytes of one body as they come. */
export interface BodyDecoder {
  push: (bytes: Uint8Array) => void
  end: () => void
  destroy: () => void
}

/** What becomes of a body. Exactly one of `onEnd` and `onError` is called, unless it is destroyed before. */
export interface Decoded {
  onData: (bytes: Uint8Array) => void
  onEnd: () => void
  onError: (error: Error) => void
}

// Nobody codes a body more often; each decoder holds a window in memory.
const codingsAtMost = 4

const makers: Readonly<Record<string, (first: number) => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // RFC 9110, 8.4.1.2: "deflate" is zlib, and "some non-conformant implementations send the compressed data without the
  // zlib wrapper". The low half of a wrapper's first byte is 8, which begins no raw data that a compressor writes.
  deflate: first => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
}

/** The codings of a Content-Encoding header, in the order in which they were applied. */
function codingsOf(header: string | undefined): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map(coding => coding.trim())
    .filter(coding => coding !== '' && coding !== 'identity')
}

/** Bounds nothing by itself: `onData` counts, and destroys it when that is enough. Never throws. */
export function decodeBody(header: string | undefined, decoded: Decoded): BodyDecoder {
  const codings = codingsOf(header)
  const unknown = codings.find(coding => !Object.hasOwn(makers, coding))
  if (codings.length === 0) return {push: decoded.onData, end: decoded.onEnd, destroy: () => undefined}
  if (unknown !== undefined || codings.length > codingsAtMost) {
    const why = unknown === undefined ? `${codings.length} content codings` : `the content coding "${unknown}"`
    let isTold = false
    const refuse = () => {
      if (!isTold) decoded.onError(new Error(`${why} cannot be decoded; gzip, deflate, br and zstd can`))
      isTold = true
    }
    return {push: refuse, end: refuse, destroy: () => undefined}
  }
  return chainOf(codings, decoded)
}

// The coding that was applied last is taken off first. What comes out of one goes into the next.
function chainOf(codings: readonly string[], decoded: Decoded): BodyDecoder {
  const name = codings.at(-1) ?? ''
  const rest = codings.slice(0, -1)
  const next: BodyDecoder =
    rest.length > 0 ? chainOf(rest, decoded) : {push: decoded.onData, end: decoded.onEnd, destroy: () => undefined}
  let stream: Transform | undefined
  const begin = (first: number) => {
    const made = makers[name]?.(first)
    made?.on('data', (bytes: Uint8Array) => next.push(bytes))
    made?.on('end', () => next.end())
    made?.on('error', (error: Error) => decoded.onError(new Error(`Content-Encoding ${name}: ${error.message}`)))
    return made
  }
  return {
    push: bytes => {
      stream ??= bytes.length === 0 ? undefined : begin(bytes[0] ?? 0)
      stream?.write(bytes)
    },
    // An answer without a body, such as 202, may name a coding all the same.
    end: () => (stream === undefined ? next.end() : stream.end()),
    destroy: () => {
      stream?.destroy()
      next.destroy()
    },
  }
}
