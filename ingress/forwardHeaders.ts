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

/** How the request reached the ingress. */
export type Arrival = {peer: string; host: string | undefined; encrypted: boolean; prefix: string}

/** The headers of a request as they are sent on, as name, value, name, value. `raw` is in the form of Node's rawHeaders. */
export function requestHeaders(raw: readonly string[], arrival: Arrival): string[] {
  const headers: string[] = []
  const named = connectionNames(raw)
  let forwardedFor = arrival.peer
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'x-forwarded-for') forwardedFor = `${value}, ${arrival.peer}`
    else if (!ofConnection.has(lower) && !replaced.has(lower) && !named?.has(lower)) headers.push(name, value)
  }
  headers.push('x-forwarded-for', forwardedFor, 'x-forwarded-proto', arrival.encrypted ? 'https' : 'http')
  if (arrival.host !== undefined) headers.push('x-forwarded-host', arrival.host)
  if (arrival.prefix !== '') headers.push('x-forwarded-prefix', arrival.prefix)
  return headers
}

/** The headers of an answer as they are sent back, duplicates and their order kept. */
export function responseHeaders(raw: readonly (string | Uint8Array)[]): string[] {
  const all = raw.map(item =>
    typeof item === 'string' ? item : Buffer.from(item.buffer, item.byteOffset, item.length).toString('latin1'),
  )
  const named = connectionNames(all)
  const headers: string[] = []
  for (let index = 0; index < all.length; index += 2) {
    const name = all[index] ?? ''
    const lower = name.toLowerCase()
    if (!ofConnection.has(lower) && !named?.has(lower)) headers.push(name, all[index + 1] ?? '')
  }
  return headers
}

/** Names that a Connection header declares to be of this connection only; undefined in the common case of none. */
function connectionNames(raw: readonly string[]): Set<string> | undefined {
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    const value = (raw[index + 1] ?? '').toLowerCase()
    if (value === 'keep-alive' || value === 'close') continue
    return new Set(value.split(',').map(part => part.trim()))
  }
  return undefined
}
