// Ends a change that was found good: old copies drain, then stop or go on standby, and the release is recorded as verified.
import {recordContracts} from '../records/recordContracts.ts'
import {recordVerified} from '../records/recordVerified.ts'
import type {StepContext} from '../step/step.ts'
import type {Target} from '../target/target.ts'
import {goOnStandby} from './goOnStandby.ts'
import {type Drained, settle} from './settle.ts'
import {copyIn, type ServerChange, type Transition} from './transition.ts'
import {endTransition, saveTransition} from './transitionFile.ts'

export async function finishTransition(transition: Transition, context: StepContext, target: Target): Promise<void> {
  const {fleet, record, say, signal, documents, changes} = context
  const save = (saved: Transition) => saveTransition(documents, saved)
  await foundGood(transition, context)
  const finishing = {...transition, purpose: 'finish' as const}
  const shell = context.shell('live')
  const options = {
    transition: finishing,
    target,
    shell,
    signal,
    save,
    changes,
    onDrained: (server: string, value: Drained) => record({type: 'fact', name: `drained.${server}`, value}),
    goOnStandby: (change: ServerChange) => goOnStandby(change, finishing, {root: fleet.root, target, shell, documents}),
  }
  for (const {server, ms, left, standbySeconds} of await settle({
    ...options,
    drainAtMostMs: Number.POSITIVE_INFINITY,
  })) {
    if (copyIn(transition.from, server) === undefined) continue
    const kept = left.inFlight + left.streams + left.sessions
    const had =
      kept === 0 ? '' : ` with ${left.inFlight} calls, ${left.streams} streams and ${left.sessions} sessions left`
    const what = standbySeconds === 0 ? 'ended' : `goes on standby for ${standbySeconds} s,`
    say(`  ${server}: the old copy ${what} after ${ms} ms${had}`)
  }
  await endTransition(documents)
}

/** Records the release as verified before anything is taken away: after a kill from here on, it is the one to keep. */
export async function foundGood(
  transition: Transition,
  {run, record, records, documents, entries}: StepContext,
): Promise<void> {
  const release = transition.to?.release
  if (release === undefined) throw new Error('a change to nothing cannot be found good')
  await saveTransition(documents, {...transition, purpose: 'finish'})
  const servers = transition.to?.servers.map(({name}) => name) ?? []
  const contracts = await recordContracts(entries(), release, servers, records)
  await recordVerified(records, release, {run, at: new Date().toISOString()}, contracts)
  record({type: 'release', release, event: 'verified'})
}
