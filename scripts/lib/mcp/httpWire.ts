// The wire over Streamable HTTP: one POST for each message, one DELETE at the end of a session.
import type {Agent} from 'node:http'
import {exchange} from './exchange.ts'
import type {Wire} from './wire.ts'

/** Where the server is and how to reach it. */
export type HttpWireOptions = {
  url: string
  headers?: {[name: string]: string}
  maximumBytes?: number
  agent?: Agent
}

/** How long a server may take to answer the DELETE that ends a session. */
const deleteTimeoutMs = 2000

/** Makes the wire. The given headers go out with every request; those of a single request win over them. */
export function httpWire({url, headers = {}, maximumBytes, agent}: HttpWireOptions): Wire {
  return {
    kind: 'http',
    send(message, options) {
      return exchange({
        url,
        method: 'POST',
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...headers,
          ...options.headers,
        },
        body: JSON.stringify(message),
        timeoutMs: options.timeoutMs,
        signal: options.signal,
        onMessage: options.onMessage,
        awaitId: message.method === undefined ? undefined : (message.id ?? undefined),
        maximumBytes,
        agent,
      })
    },
    async close({headers: sessionHeaders, sessionId}) {
      if (sessionId === undefined) return {sessionDeleted: false}
      // Without the caller's signal on purpose: a session is ended most of all when the work was cancelled.
      const {status} = await exchange({
        url,
        method: 'DELETE',
        headers: {...headers, ...sessionHeaders},
        timeoutMs: deleteTimeoutMs,
        agent,
      })
      return {sessionDeleted: status !== undefined && status >= 200 && status < 300, status}
    },
  }
}
