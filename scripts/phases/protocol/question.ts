// What a question to a server is: a wrong request, what a conforming server does with it, and how to tell.
import type {Finding} from '../../lib/journal/entry.ts'
import type {Era} from '../../lib/mcp/protocol.ts'
import type {Asked, Sending} from './asked.ts'
import type {Subject} from './subject.ts'

export type Ask = (sending: Sending) => Promise<Asked>

export interface Question {
  /** The part after the phase in the id of its check. */
  name: string
  /** What is true when it passes. */
  told: string
  /** How to fix a server that does otherwise. */
  remedy: string
  /** Asked in each of these eras that the server speaks; `first` is one request, in whichever it speaks. */
  eras: readonly Era[] | 'first'
  /** A burden that live is spared. */
  only?: 'rehearsal'
  /** A reason not to ask this server in this era. */
  skip?: (subject: Subject) => string | undefined
  ask: (subject: Subject, ask: Ask) => Promise<Asked[]>
  /** A reason, seen in the answers, why the question does not apply after all. Pure. */
  moot?: (asked: readonly Asked[]) => string | undefined
  /** What a MUST, or the purpose of the question, says is wrong; empty when nothing is. Pure. */
  faults: (asked: readonly Asked[]) => string[]
  /** What a SHOULD says: for a person, never a failure. Pure. */
  findings?: (asked: readonly Asked[]) => Omit<Finding, 'place'>[]
}

/** The answers to one question, or why it was not asked. */
export interface Answered {
  asked: Asked[]
  /** Why nothing was asked, by era. */
  skipped: string[]
  /** It was given up: the server had stopped answering before. */
  unasked?: string
}

/** A fault for each answer that is not as `expected` says. */
export function unless(asked: readonly Asked[], expected: string, isRight: (asked: Asked) => boolean): string[] {
  return asked.filter(one => !isRight(one)).map(one => `${one.era}, ${one.sent}: ${brief(one)}, where ${expected}`)
}

/** How one answer is named in a sentence. */
export function brief({transport, status, code, result}: Asked): string {
  if (status === undefined) return `no HTTP answer (${transport})`
  const inside = code === undefined ? result : `JSON-RPC ${code}`
  const cut = transport === 'ok' ? '' : `, ${transport}`
  return `HTTP ${status}${inside === undefined ? '' : ` with ${inside}`}${cut}`
}

/** A refusal by HTTP: whole, and the client's fault. */
export function isRefused({transport, status}: Asked): boolean {
  return transport === 'ok' && status !== undefined && status >= 400 && status < 500
}
