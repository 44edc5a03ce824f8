// Bytes that a server keeps for each visit, as an interval, from the rounds that were measured.

import type {LeakSeen, Memory, Round} from './leakSeen.ts'
import {type Slope, theilSen} from './theilSen.ts'

export interface Estimates {
  /** Live memory where every round has it; else resident memory, which holds garbage as well. */
  measured: 'live' | 'resident'
  /** What an abandoned visit costs more than a terminated one; undefined with too few rounds. */
  abandoned: Slope | undefined
  /** What a visit costs that was ended properly. */
  terminated: Slope | undefined
  /** Told, not judged: the same difference in resident memory. */
  resident: Slope | undefined
}

export function estimatesOf({rounds}: Pick<LeakSeen, 'rounds'>): Estimates {
  const tells = rounds.every(({abandoned, terminated}) => abandoned.live !== undefined && terminated.live !== undefined)
  const size = ({live, resident}: Memory) => (tells ? (live ?? 0) : resident)
  const slopeOf = (value: (round: Round) => number) =>
    theilSen(rounds.map(round => [round.visits, value(round)] as const))
  return {
    measured: tells ? 'live' : 'resident',
    abandoned: slopeOf(round => size(round.abandoned) - size(round.terminated)),
    terminated: slopeOf(round => size(round.terminated)),
    resident: slopeOf(round => round.abandoned.resident - round.terminated.resident),
  }
}

/** Whether an interval of bytes lies on one side of the limit, and on which. */
export function sideOf(slope: Slope | undefined, limitBytes: number): 'above' | 'below' | 'undecided' {
  if (slope === undefined) return 'undecided'
  if (slope.low > limitBytes) return 'above'
  return slope.high < limitBytes ? 'below' : 'undecided'
}
