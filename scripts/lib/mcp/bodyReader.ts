// Turns the bytes of one HTTP answer into JSON-RPC messages, whether it is JSON or an event stream.
import {isRpcMessage, type RpcMessage} from './jsonRpc.ts'
import {readSse, type SseCounts} from './sse.ts'

/** How much of a body that is not JSON-RPC is kept, unless told otherwise. */
const defaultKeptCharacters = 4096

/** Reads one body. `unreadable` holds the first characters of what was not JSON-RPC. */
export type BodyReader = {
  push(bytes: Uint8Array): void
  end(): void
  messages: RpcMessage[]
  unreadable(): string
  sse?: SseCounts
}

/** The media type without parameters, in lower case; empty when there is none. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/**
 * Makes a reader for a body of the given content type. Messages are collected in the order of arrival and also handed
 * to `onMessage` at once, so that a stream can be acted on before it ends. JSON is read at `end()`.
 */
export function readBody(
  contentType: string | undefined,
  onMessage: (message: RpcMessage) => void,
  keptCharacters = defaultKeptCharacters,
): BodyReader {
  const messages: RpcMessage[] = []
  let unreadable = ''
  const take = (text: string) => {
    for (const value of parseAll(text)) {
      if (isRpcMessage(value)) {
        messages.push(value)
        onMessage(value)
      } else if (unreadable.length < keptCharacters) {
        unreadable = (unreadable + (typeof value === 'string' ? value : JSON.stringify(value))).slice(0, keptCharacters)
      }
    }
  }
  const decoder = new TextDecoder()
  if (mediaType(contentType) === 'text/event-stream') {
    const sse = readSse(take)
    return {
      push: bytes => sse.push(decoder.decode(bytes, {stream: true})),
      end: () => sse.push(decoder.decode()),
      messages,
      unreadable: () => unreadable,
      sse: sse.counts,
    }
  }
  const parts: string[] = []
  return {
    push: bytes => void parts.push(decoder.decode(bytes, {stream: true})),
    end() {
      parts.push(decoder.decode())
      take(parts.splice(0).join(''))
    },
    messages,
    unreadable: () => unreadable,
  }
}

/** A JSON text as its values; a batch (allowed until 2025-03-26) as its members; what is not JSON as itself. */
function parseAll(text: string): unknown[] {
  if (text.trim() === '') return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch {
    // The body of a server: what is no JSON is judged as it is.
    return [text]
  }
}
