// A client with a session of the legacy era that does what the specification asks when its session is ended.
import type {Agent} from 'node:http'
import {openMcp} from '../mcp/client.ts'
import type {McpClient} from '../mcp/connect.ts'
import type {Outcome} from '../mcp/outcome.ts'
import type {Ask} from './ask.ts'
import type {SessionsSeen} from './seen.ts'

/** Where and how the session is opened. */
export type SessionOptions = {
  url: string
  headers?: {[name: string]: string}
  timeoutMs: number
  agent?: Agent
}

/** One session, or the client that wants one. No function throws for what the server does. */
export type LegacySession = {
  open(): Promise<Outcome>
  /** One request. `ms` includes beginning anew where the session was ended. */
  ask(ask: Ask): Promise<{outcome: Outcome; ms: number}>
  /** Begins anew. */
  renew(): Promise<Outcome>
  client(): McpClient | undefined
  fate(): Fate
  close(): Promise<void>
}

/** What became of a session. `stranded`: its last request was refused in a way that forbids to begin anew. */
export type Fate = {opened: boolean; ended: number; notRenewed: number; stranded: boolean; sessionless: boolean}

/** Makes the client; `open` opens it. */
export function legacySession(options: SessionOptions): LegacySession {
  let client: McpClient | undefined
  const fate: Fate = {opened: false, ended: 0, notRenewed: 0, stranded: false, sessionless: false}
  const open = async () => {
    const opened = await openMcp({...options, era: 'legacy'})
    if (!opened.ok) return opened.outcome
    client = opened.client
    fate.opened = true
    fate.sessionless = client.sessionId === undefined
    return opened.outcome
  }
  const renew = async () => {
    // A server that was told 404 has nothing left to delete, so the old session is not closed.
    client = undefined
    const outcome = await open()
    if (client === undefined) fate.notRenewed += 1
    return outcome
  }
  const send = (to: McpClient, {method, params}: Ask) => to.request(method, params)
  return {
    open,
    renew,
    client: () => client,
    fate: () => ({...fate}),
    async ask(ask) {
      const startedAt = performance.now()
      const took = () => performance.now() - startedAt
      if (client === undefined) {
        const outcome = await renew()
        if (client === undefined) return {outcome, ms: took()}
      }
      const first = await send(client as McpClient, ask)
      if (!isEnded(first, client)) {
        fate.stranded = isRefused(first)
        return {outcome: first, ms: first.ms}
      }
      // MCP 2025-11-25, basic/transports, "Session Management": on 404 a client MUST start a new session. What was
      // answered with 404 was not carried out, so it may be sent again.
      fate.ended += 1
      const renewed = await renew()
      if (client === undefined) return {outcome: renewed, ms: took()}
      const outcome = await send(client as McpClient, ask)
      fate.stranded = isRefused(outcome)
      return {outcome, ms: took()}
    },
    async close() {
      await client?.close()
    },
  }
}

function isEnded(outcome: Outcome, client: McpClient | undefined): boolean {
  return outcome.status === 404 && client?.sessionId !== undefined
}

/** Refused for what the client is or sends. 408 and 429 ask it to come again. */
function isRefused({kind, status = 0}: Outcome): boolean {
  return kind !== 'result' && status >= 400 && status < 500 && ![404, 408, 429].includes(status)
}

/** Adds up the fates of many sessions. */
export function sessionsSeen(fates: readonly Fate[]): SessionsSeen {
  const opened = fates.filter(fate => fate.opened)
  const lost = (fate: Fate) => fate.stranded || fate.notRenewed > fate.ended
  const stranded = opened.filter(fate => fate.stranded)
  const rest = opened.filter(fate => !fate.stranded)
  return {
    opened: opened.length,
    same: rest.filter(fate => fate.ended === 0 && !lost(fate)).length,
    renewed: rest.filter(fate => fate.ended > 0).length,
    stranded: stranded.length,
    ended: sum(fates.map(fate => fate.ended)),
    notRenewed: sum(fates.map(fate => fate.notRenewed)),
    sessionless: opened.length > 0 && opened.every(fate => fate.sessionless),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
