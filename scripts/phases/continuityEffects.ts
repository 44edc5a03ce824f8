// Judges the counted effects: nothing ran twice, and what was reported as done was done.
import type {PopulationSeen} from '../lib/witness/seen.ts'
import type {ContinuityLimits} from './continuityLimits.ts'
import type {Check} from './phase.ts'

const names = {executedTwice: 'executed-twice', completedButLost: 'effects-kept'} as const

/** Both checks; where nothing is counted, both say why. */
export function judgeEffects(population: PopulationSeen, limits: ContinuityLimits): Check[] {
  const both = (verdict: Check['verdict'], detail: string): Check[] =>
    Object.values(names).map(name => ({name, verdict, detail}))
  if (population.state === 'skipped') return both('skip', population.reason)
  if (population.state === 'unopened') return both('inconclusive', population.reason)
  const {effects} = population
  if (effects === undefined) return both('inconclusive', 'the effects were not read')
  if (effects.unread !== undefined) return both('inconclusive', `the effects could not be read: ${effects.unread}`)
  const {sent, found, executedTwice, completedButLost, failedButExecuted, ids} = effects
  const unknown = failedButExecuted === 0 ? '' : `; ${failedButExecuted} were reported as failed and ran all the same`
  const left = effects.uncleaned === undefined ? '' : `; the effects could not be removed: ${effects.uncleaned}`
  const twicePassed = executedTwice <= limits.executedTwice
  const keptPassed = completedButLost <= limits.completedButLost
  return [
    {
      name: names.executedTwice,
      verdict: twicePassed ? 'pass' : 'fail',
      detail: `${executedTwice} of ${sent} counted calls ran twice${unknown}${left}`,
      value: executedTwice,
      limit: limits.executedTwice,
      unit: 'calls',
      remedy: twicePassed ? undefined : 'something between client and server sends calls again: it must not, once sent',
      evidence: [...ids.executedTwice, ...ids.failedButExecuted].join('\n') || undefined,
    },
    {
      name: names.completedButLost,
      verdict: keptPassed ? 'pass' : 'fail',
      detail: `${completedButLost} of ${sent} counted calls were reported as done, and their effect is not there (${found} found)`,
      value: completedButLost,
      limit: limits.completedButLost,
      unit: 'calls',
      remedy: keptPassed
        ? undefined
        : 'the new copy did not begin with the state of the old one: stop it before, or copy later',
      evidence: ids.completedButLost.join('\n') || undefined,
    },
  ]
}
