// A client with a session of the legacy era that does what the specification asks when its session is ended.
import type {Agent} from 'node:http'
import {openMcp} from '../mcp/client.ts'
import type {McpClient, OpenResult} from '../mcp/connect.ts'
import type {Outcome} from '../mcp/outcome.ts'
import type {Ask} from './ask.ts'

/** Where and how the session is opened. */
export type SessionOptions = {
  url: string
  headers?: {[name: string]: string}
  timeoutMs: number
  agent?: Agent
}

/** What became of a session: how often it was ended with 404, and how often the client could not start over. */
export type Fate = {
  state: 'never-opened' | 'same' | 'renewed' | 'stranded'
  ended: number
  notRenewed: number
  sessionless: boolean
}

/** One session, or the client that wants one. No function throws for what the server does. */
export type LegacySession = {
  /** Opens the session, or another in its place. */
  open(): Promise<Outcome>
  /** One request. `ms` includes starting over where the session was ended. */
  ask(ask: Ask): Promise<{outcome: Outcome; ms: number}>
  client(): McpClient | undefined
  /** Told by a stream of the session, which meets the same ends as a request. */
  note(fate: 'ended' | 'stranded'): void
  fate(): Fate
  close(): Promise<void>
}

/** Makes the client; `open` opens it. */
export function legacySession(options: SessionOptions): LegacySession {
  let client: McpClient | undefined
  const fate: Fate = {state: 'never-opened', ended: 0, notRenewed: 0, sessionless: false}

  const open = async (): Promise<OpenResult> => {
    // A session that was ended with 404 has nothing left to delete, so the old one is not closed.
    client = undefined
    const opened = await openMcp({...options, era: 'legacy'})
    if (!opened.ok) {
      if (fate.state !== 'never-opened') {
        fate.notRenewed += 1
        fate.state = 'stranded'
      }
      return opened
    }
    client = opened.client
    fate.state = fate.state === 'never-opened' ? 'same' : 'renewed'
    fate.sessionless = client.sessionId === undefined
    return opened
  }
  const send = async (to: McpClient, {method, params}: Ask) => {
    const outcome = await to.request(method, params)
    if (isRefused(outcome)) fate.state = 'stranded'
    else if (fate.state === 'stranded' && outcome.kind === 'result') fate.state = fate.ended > 0 ? 'renewed' : 'same'
    return outcome
  }
  return {
    open: async () => (await open()).outcome,
    client: () => client,
    note(what) {
      if (what === 'ended') fate.ended += 1
      else fate.state = 'stranded'
    },
    fate: () => ({...fate}),
    async ask(ask) {
      const startedAt = performance.now()
      const ended = (outcome: Outcome) => ({outcome, ms: performance.now() - startedAt})
      let asked = client
      for (let renewals = 0; ; renewals += 1) {
        if (asked === undefined) {
          const opened = await open()
          if (!opened.ok) return ended(opened.outcome)
          asked = opened.client
        }
        const outcome = await send(asked, ask)
        if (!isEnded(outcome, asked) || renewals === mostRenewals) return ended(outcome)
        fate.ended += 1
        // MCP 2025-11-25, basic/transports, "Session Management": on 404 a client MUST start a new session. What was
        // answered with 404 was not carried out, so it may be sent again.
        asked = undefined
      }
    },
    async close() {
      await client?.close()
    },
  }
}

// A change there and another one back may both end the session of a client that waits long for its turn.
const mostRenewals = 2

function isEnded(outcome: Outcome, client: McpClient): boolean {
  return outcome.status === 404 && client.sessionId !== undefined
}

/** Refused for what the client is or sends. 404 lets it start over; 408 and 429 ask it to come again. */
export function isRefused({kind, status = 0}: {kind: string; status?: number}): boolean {
  return kind !== 'result' && status >= 400 && status < 500 && ![404, 408, 429].includes(status)
}
