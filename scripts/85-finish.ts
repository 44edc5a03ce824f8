// Ends a live change that was found good: old copies drain and stop, and the release is recorded as verified.
import {settle} from './lib/cutover/settle.ts'
import {endTransition, readTransition, saveTransition} from './lib/cutover/transitionFile.ts'
import {verdictOf} from './lib/journal/facts.ts'
import {recordVerified} from './lib/recordVerified.ts'
import {step} from './lib/step.ts'
import {UserError} from './lib/userError.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {name: '85-finish', targets: targetNames, phases: phaseNames, lockedTo: 'finish a deploy'},
  async context => {
    const {fleet, run, record, entries, store, signal} = context
    const transition = readTransition(fleet.root)
    if (transition?.run !== run) throw new UserError(`run ${run} has no change of live to finish`, 'pnpm status')
    const verdict = verdictOf(entries(), '85-finish')
    if (verdict !== 'pass')
      throw new UserError(`the release was judged ${verdict}, so it is not recorded as verified`, 'pnpm rollback')
    const save = (saved: typeof transition) => saveTransition(fleet.root, saved)
    const settled = await settle({
      transition,
      target: targetOf(fleet.target),
      shell: context.shell('live'),
      signal,
      save,
      drainAtMostMs: Number.POSITIVE_INFINITY,
    })
    for (const {server, ms, left} of settled) {
      record({type: 'fact', name: `drained.${server}`, value: {ms, ...left}})
      const kept = left.inFlight + left.streams + left.sessions
      context.say(
        `  ${server}: the old copy ended after ${ms} ms${kept === 0 ? '' : ` with ${left.inFlight} calls, ${left.streams} streams and ${left.sessions} sessions left`}`,
      )
    }
    const release = transition.to?.release ?? ''
    recordVerified(store, release, {run, at: new Date().toISOString()})
    record({type: 'release', release, event: 'verified'})
    endTransition(fleet.root)
    return undefined
  },
)
