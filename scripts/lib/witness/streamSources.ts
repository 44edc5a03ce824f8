// Where standing streams come from: GET of a legacy session, and subscriptions/listen of the modern era.
import {legacyHeaders} from '../mcp/era.ts'
import {modernHeaders, modernParams} from '../mcp/modernRequest.ts'
import type {StreamSource} from './keepStream.ts'
import type {LegacySession} from './legacySession.ts'
import type {WitnessTarget} from './target.ts'
import {watchStream} from './watchStream.ts'

/** The GET stream of a session (MCP 2025-11-25, basic/transports, "Listening for Messages from the Server"). */
export function legacyStream(target: WitnessTarget, session: LegacySession, onEvent: () => void): StreamSource {
  return {
    open(lastEventId) {
      const client = session.client()
      const resume = lastEventId === undefined ? undefined : {'last-event-id': lastEventId}
      const headers = {...target.headers, ...(client && legacyHeaders(client)), ...resume}
      return watchStream({
        url: target.url,
        method: 'GET',
        headers,
        timeoutMs: Math.min(headMs, target.timeoutMs),
        onEvent,
      })
    },
    isProper: () => true,
    async renew() {
      if (session.client()?.sessionId !== undefined) session.note('ended')
      await session.open()
      return session.client() !== undefined
    },
    onStranded: () => session.note('stranded'),
  }
}

// Some servers send no head before the first event; what then has no head this soon is taken for no stream.
const headMs = 3000

/**
 * `subscriptions/listen` (MCP 2026-07-28, basic/patterns/subscriptions). A server that ends it gracefully answers the
 * request; an end without an answer is an abrupt one, however clean it was for HTTP.
 */
export function modernStream(target: WitnessTarget, onEvent: () => void): StreamSource {
  let lastId = 0
  let answered = false
  return {
    open() {
      answered = false
      const id = `witness-${++lastId}`
      const method = 'subscriptions/listen'
      const params = modernParams({notifications: {toolsListChanged: true}}, {})
      return watchStream({
        url: target.url,
        method: 'POST',
        headers: {
          ...target.headers,
          ...modernHeaders(method, params),
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({jsonrpc: '2.0', id, method, params}),
        timeoutMs: Math.min(headMs, target.timeoutMs),
        onEvent(data) {
          onEvent()
          if (isAnswer(data, id)) answered = true
        },
      })
    },
    isProper: () => answered,
  }
}

function isAnswer(data: string, id: string): boolean {
  try {
    const message = JSON.parse(data)
    return message.id === id && ('result' in message || 'error' in message)
  } catch {
    // An event that is no JSON answers nothing.
    return false
  }
}
