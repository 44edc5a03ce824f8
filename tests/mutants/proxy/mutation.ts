// What a mutation of a server's traffic may do, and under which circumstances it does it.
import type {ServerResponse} from 'node:http'

export type Json = {[key: string]: unknown}

/** One request of a client, before it reaches the server. Mutations may change the headers and the body. */
export interface Asked {
  method: string
  /** Path and query as they were sent. */
  url: string
  path: string
  headers: {[name: string]: string}
  body: Buffer
  /** The JSON-RPC message of a POST; undefined when it is none. */
  message: Json | undefined
  era: 'legacy' | 'modern'
  /** Which connection, or session of the 2025 era, it is of; counted from 1. */
  connection: number
  /** What the client said it can do. */
  capabilities: Json
  /** It came through the ingress. */
  ingress: boolean
}

export interface Reply {
  status: number
  headers: {[name: string]: string}
  body: Buffer
}

/** Writes the whole answer itself, however wrong. */
export type Writes = (response: ServerResponse) => void

export interface Mutation {
  /** Before the server listens. */
  start?: () => Promise<void> | void
  /** Instead of the server, or before it: `next` hands the request on. */
  around?: (asked: Asked, next: () => Promise<Reply>) => Promise<Reply | Writes>
  /** It is at work for streams as well, which are handed on as they come. */
  ofStreams?: true
  /** Each JSON-RPC message of an answer. */
  tell?: (message: Json, asked: Asked) => Json | undefined
}

/** Left out: always. All that are given must hold. */
export interface When {
  era?: 'legacy' | 'modern'
  /** JSON-RPC method of the request. */
  method?: string
  /** Tool of a `tools/call`. */
  tool?: string
  /** HTTP method. */
  http?: string
  path?: string
  /** Only what comes through the ingress. */
  ingress?: true
  /** Only on an extra copy, which a phase started beside the first one. */
  extraCopy?: true
  /** Only to clients that declare a capability. */
  able?: true
  /** Only from that match on, counted from 1. */
  from?: number
  /** Only every so many matches. */
  every?: number
}

export interface MutationSpec {
  kind: string
  when?: When
  [option: string]: unknown
}

/** Whether a mutation is at work for a request; it counts its matches. */
export function matcher(when: When, extraCopy: boolean): (asked: Asked) => boolean {
  let matches = 0
  return asked => {
    const {message} = asked
    const holds =
      (when.era === undefined || when.era === asked.era) &&
      (when.method === undefined || when.method === message?.method) &&
      (when.tool === undefined || (message?.method === 'tools/call' && paramsOf(message).name === when.tool)) &&
      (when.http === undefined || when.http === asked.method) &&
      (when.path === undefined || when.path === asked.path) &&
      (when.ingress === undefined || asked.ingress) &&
      (when.extraCopy === undefined || extraCopy) &&
      (when.able === undefined || Object.keys(asked.capabilities).length > 0)
    if (!holds) return false
    matches += 1
    return matches >= (when.from ?? 1) && matches % (when.every ?? 1) === 0
  }
}

export function paramsOf(message: Json | undefined): Json {
  const params = message?.params
  return typeof params === 'object' && params !== null ? (params as Json) : {}
}
