// Values in a JSON document by JSONPath (RFC 9535).
import {query} from 'jsonpath-rfc9535'

/** All values that a path selects. Throws on a path that is none. */
export function select(path: string, document: unknown): unknown[] {
  return query(document as never, path) as unknown[]
}

/** Why a text is not a JSONPath; undefined if it is one. */
export function pathFault(path: string): string | undefined {
  try {
    select(path, null)
    return undefined
  } catch (error) {
    // The parser lists every character that it would have taken; the one that it met says more.
    const {message} = error as Error
    return message.replace(/^Expected .* but (.*) found\.$/s, 'unexpected $1')
  }
}
