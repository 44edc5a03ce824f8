// Decides which headers go on to a server and back to its client: all, except those that belong to one connection only.

// RFC 9110, 7.6.1. `expect` is answered by the HTTP server of the ingress itself.
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
  'expect',
])
// `host` is that of the copy; the rest is set by us.
const replaced = new Set(['host', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-prefix'])
const forwardedForName = 'x-forwarded-for'

// Most names are passed on, and most of those are told by their length alone.
const lengths = lengthsOf([...ofConnection, ...replaced, forwardedForName])
const told = lengthsOf([...ofConnection, 'content-type', 'content-length', 'content-encoding', 'mcp-session-id'])

/** How the request reached the ingress. */
export type Arrival = {peer: string; host: string | undefined; encrypted: boolean; prefix: string}

/** The headers of a request as they are sent on, as name, value, name, value. `raw` is in the form of Node's rawHeaders. */
export function requestHeaders(raw: readonly string[], arrival: Arrival): string[] {
  const headers: string[] = []
  let forwardedFor = arrival.peer
  let named: Set<string> | undefined
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    if (lengths[name.length] === true) {
      const lower = name.toLowerCase()
      if (lower === 'connection') named = joined(named, connectionNames(value))
      if (lower === forwardedForName) forwardedFor = `${value}, ${arrival.peer}`
      if (lower === forwardedForName || ofConnection.has(lower) || replaced.has(lower)) continue
    }
    headers.push(name, value)
  }
  const kept = named === undefined ? headers : without(headers, named)
  kept.push(forwardedForName, forwardedFor, 'x-forwarded-proto', arrival.encrypted ? 'https' : 'http')
  if (arrival.host !== undefined) kept.push('x-forwarded-host', arrival.host)
  if (arrival.prefix !== '') kept.push('x-forwarded-prefix', arrival.prefix)
  return kept
}

/** The headers of an answer as they are sent back, and what of them the ingress looks at itself. */
export type ResponseHeaders = {
  /** Name, value, name, value: duplicates and their order kept. */
  headers: string[]
  type: string | undefined
  length: string | undefined
  /** The coding of the content; undefined where it is plain. */
  encoding: string | undefined
  sessionId: string | undefined
}

/** `raw` is in the form of Node's rawHeaders, as bytes or text. */
export function responseHeaders(raw: readonly (string | Buffer)[]): ResponseHeaders {
  const headers: string[] = []
  let type: string | undefined
  let length: string | undefined
  let encoding: string | undefined
  let sessionId: string | undefined
  let named: Set<string> | undefined
  for (let index = 0; index < raw.length; index += 2) {
    const name = textOf(raw[index])
    const value = textOf(raw[index + 1])
    if (told[name.length] === true) {
      const lower = name.toLowerCase()
      if (lower === 'connection') named = joined(named, connectionNames(value))
      if (ofConnection.has(lower)) continue
      if (lower === 'content-type') type = value
      else if (lower === 'content-length') length = value
      else if (lower === 'content-encoding') encoding = value
      else if (lower === 'mcp-session-id') sessionId = value
    }
    headers.push(name, value)
  }
  return {headers: named === undefined ? headers : without(headers, named), type, length, encoding, sessionId}
}

function textOf(item: string | Buffer | undefined): string {
  return typeof item === 'string' ? item : (item?.toString('latin1') ?? '')
}

/** Names that a Connection header declares to be of this connection only; undefined in the common case of none. */
function connectionNames(value: string): string[] | undefined {
  const lower = value.toLowerCase()
  return lower === 'keep-alive' || lower === 'close' ? undefined : lower.split(',').map(part => part.trim())
}

function joined(names: Set<string> | undefined, more: string[] | undefined): Set<string> | undefined {
  return more === undefined ? names : new Set([...(names ?? []), ...more])
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !names.has((headers[index - (index % 2)] ?? '').toLowerCase()))
}

/** True at each length that one of the names has. */
function lengthsOf(names: readonly string[]): readonly boolean[] {
  const found: boolean[] = new Array(32).fill(false)
  for (const name of names) found[name.length] = true
  return found
}
