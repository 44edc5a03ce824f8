// Whether a request presents the bridge's key.
import {createHash, timingSafeEqual} from 'node:crypto'
import type {IncomingHttpHeaders} from 'node:http'

/** `Authorization: Bearer KEY`, or `X-API-Key: KEY` as older clients of the bridge send it. */
export function presentsKey(headers: IncomingHttpHeaders, apiKey: string): boolean {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const plain = headers['x-api-key']
  const presented = bearer ?? (typeof plain === 'string' ? plain : undefined)
  return presented !== undefined && timingSafeEqual(digest(presented), digest(apiKey))
}

/** Equal lengths, so that neither the comparison's time nor its error tells the key's length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
