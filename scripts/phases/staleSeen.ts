// What the phase `stale` sees of one server, as plain data.
import type {StaleVerdict} from '../lib/contract/stale/judgeStaleAnswer.ts'
import type {StaleCall} from '../lib/contract/stale/staleCalls.ts'

export interface StaleCallSeen {
  tool: string
  arguments: unknown
  from: StaleCall['from']
  verdict: StaleVerdict
  why: string
}

export type StaleSeen =
  | {state: 'skipped'; why: string}
  | {state: 'unseen'; why: string}
  | {
      state: 'seen'
      title: string
      same: boolean
      breaking: number
      calls: StaleCallSeen[]
      /** Tools that differ, and of which no call could be made. */
      unsafe: string[]
      /** The longest that the earlier release allowed clients to keep a list, in ms. */
      ttlMs: number
    }
