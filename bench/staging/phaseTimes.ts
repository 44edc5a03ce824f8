// How long each phase of `80-verify` took, from the times of its checks: phases run one after another.
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'

/** Milliseconds by phase: from the last check of the phase before it, or the begin of the step, to its own last check. */
export function phaseTimes(entries: readonly Entry[]): Record<string, number> {
  const isVerify = (entry: {by?: string}) => entry.by === '80-verify'
  const began = entriesOf(entries, 'step').find(({step, state}) => step === '80-verify' && state === 'started')
  const checks = entriesOf(entries, 'check').filter(check => isVerify(check) && !check.check.endsWith('/applies'))
  const ends = [...Map.groupBy(checks, check => check.phase)].map(([phase, all]) => ({
    phase,
    at: Math.max(...all.map(({at}) => Date.parse(at))),
  }))
  ends.sort((one, other) => one.at - other.at)
  let last = Date.parse(began?.at ?? '')
  return Object.fromEntries(
    ends.map(({phase, at}) => {
      const ms = at - last
      last = at
      return [phase, ms]
    }),
  )
}
