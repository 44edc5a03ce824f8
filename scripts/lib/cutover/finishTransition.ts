// Ends a change that was found good: the old copies drain and stop, and the release is recorded as verified.
import {recordContracts} from '../contract/recordContracts.ts'
import {recordVerified} from '../recordVerified.ts'
import type {StepContext} from '../step.ts'
import type {Target} from '../target.ts'
import {type Drained, settle} from './settle.ts'
import {copyIn, type Transition} from './transition.ts'
import {endTransition, saveTransition} from './transitionFile.ts'

export async function finishTransition(transition: Transition, context: StepContext, target: Target): Promise<void> {
  const {fleet, record, say, signal, changes} = context
  const save = (saved: Transition) => saveTransition(fleet.root, saved, changes)
  foundGood(transition, context)
  const options = {
    transition: {...transition, purpose: 'finish' as const},
    target,
    shell: context.shell('live'),
    signal,
    save,
    changes,
    onDrained: (server: string, value: Drained) => record({type: 'fact', name: `drained.${server}`, value}),
  }
  for (const {server, ms, left} of await settle({...options, drainAtMostMs: Number.POSITIVE_INFINITY})) {
    if (copyIn(transition.from, server) === undefined) continue
    const kept = left.inFlight + left.streams + left.sessions
    const had =
      kept === 0 ? '' : ` with ${left.inFlight} calls, ${left.streams} streams and ${left.sessions} sessions left`
    say(`  ${server}: the old copy ended after ${ms} ms${had}`)
  }
  endTransition(fleet.root, changes)
}

/** Records the release as verified before anything is taken away: after a kill from here on, it is the one to keep. */
export function foundGood(transition: Transition, {fleet, run, record, store, entries, changes}: StepContext): void {
  const release = transition.to?.release
  if (release === undefined) throw new Error('a change to nothing cannot be found good')
  saveTransition(fleet.root, {...transition, purpose: 'finish'}, changes)
  const servers = transition.to?.servers.map(({name}) => name) ?? []
  const contracts = recordContracts(entries(), release, servers, store)
  recordVerified(store, release, {run, at: new Date().toISOString()}, contracts)
  record({type: 'release', release, event: 'verified'})
}
