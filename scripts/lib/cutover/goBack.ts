// Applies a rollback, verifies what is live then, and ends the copies that it leaves behind.

import {type Verdict, worst} from '../errors/verdict.ts'
import {stopInstance} from '../instance/endInstance.ts'
import {forgetInstance, saveInstance} from '../instance/savedInstance.ts'
import type {Records} from '../records/records.ts'
import {releaseIn} from '../release/readRelease.ts'
import type {StepContext} from '../step/step.ts'
import type {Instance} from '../target/instance.ts'
import type {Target} from '../target/target.ts'
import {fromWhatRuns} from './anew.ts'
import type {ChangeServer} from './changeServer.ts'
import {endStandby} from './endStandby.ts'
import {recordChanged} from './recordChanged.ts'
import {leftForGood, pointTo, recordRolledBack} from './recordRolledBack.ts'
import {writeRollbackScript} from './rollbackScript.ts'
import {runTransition} from './runTransition.ts'
import {settle} from './settle.ts'
import {stateSwap} from './stateSwap.ts'
import type {Transition} from './transition.ts'
import {endTransition, saveTransition} from './transitionFile.ts'

export interface GoBack {
  transition: Transition
  context: StepContext
  target: Target
  attempt: ChangeServer['attempt']
  /** Judges what is live after the switch. */
  verify: () => Promise<Verdict>
  /** Whether the ingress of the near side runs, where somebody has just looked. */
  serves?: boolean
  /** Why live goes back, for the record of the release that it leaves. */
  reason?: string
}

// An emergency does not wait for idle sessions; calls in flight end well before this.
const drainAtMostMs = 1500

/** `pass` only when live answers with the earlier release. Otherwise both copies are kept and the change stays on record. */
export async function goBack({transition: asked, reason, ...way}: GoBack): Promise<Verdict> {
  const {context, target, attempt, verify, serves} = way
  const {fleet, run, record, signal, records, documents, changes} = context
  const {from, to} = asked
  const shell = context.shell('live')
  const standing = {root: fleet.root, target, shell, documents}
  const transition = await fromWhatRuns(asked, {...standing, serves})
  if (transition !== asked) context.say('  nothing of live runs any more, so everything is restarted')
  const swap = stateSwap(transition, {root: fleet.root, run, record, signal, changes})
  // State is about to move, and nobody else may hold it open. What the change itself uses is not on standby.
  const inUse = [...(from?.servers ?? []), ...(to?.servers ?? [])]
  if (swap !== undefined) await endStandby({...standing, inUse})
  if (to === undefined) {
    // The first deploy is undone: nothing was live before it, so nothing is live after it. State stays where it is.
    await endStandby(standing)
    if (from !== undefined) await stopInstance(from, target, shell)
    await swap?.end()
    await forgetInstance(documents, 'live')
    await records.clearLive()
    await endTransition(documents)
    return 'pass'
  }
  const verdicts: Verdict[] = []
  const save = (saved: Transition) => saveTransition(documents, saved)
  const common = {transition, target, shell, signal, save, changes, documents}
  const good = await runTransition({
    ...common,
    fleetFolder: fleet.folder,
    stateOf: undefined,
    attempt,
    swap,
    onChanged: async changed => {
      verdicts.push(await recordChanged(changed, {instance: to, target, shell, record}))
    },
  })
  if (!good) return 'fail'
  await saveInstance(documents, to)
  leaveScript(to, {context, target})
  const left = await leftForGood(asked, records)
  await pointTo(records, to.release, left, run)
  const servers = to.servers.map(({name, endpoint, through}) => ({name, endpoint, through}))
  record({type: 'fact', name: 'instance', value: {name: 'live', url: to.ingress.url, servers}})
  const verdict = worst([...verdicts, await verify()])
  // The last healthy copy is never removed: the other one ends only when this one was seen to be well.
  if (verdict !== 'pass') return verdict
  // From here on a restore that was killed is continued: it was found good.
  if (transition.purpose === 'restore') await save(Object.assign(transition, {purpose: 'rollback' as const}))
  await settle({...common, drainAtMostMs})
  // What was taken back is live; whatever else is on standby was not wanted.
  await endStandby({...standing, inUse: to.servers})
  const kept = await swap?.end()
  if (kept !== undefined) context.say(`  what the restore replaced is kept in ${kept}`)
  if (left !== undefined) await recordRolledBack(records, left, {run, failed: asked.failed === true, reason})
  await clearRolledBack(records, to.release)
  await endTransition(documents)
  return 'pass'
}

// Copies that still run can be gone back to without the files of their release, which the next start would need.
function leaveScript(instance: Instance, {context, target}: Pick<GoBack, 'context' | 'target'>): void {
  const {release, fault} = releaseIn(instance.releaseFolder)
  if (release !== undefined) writeRollbackScript({instance, release, target, changes: context.changes})
  else context.say(`  what is live now cannot be started again: ${fault}\n  → deploy: its files are put back`)
}

// Someone chose it by name and it was found well, so the next rollback may choose it again.
async function clearRolledBack(records: Records, release: string): Promise<void> {
  const known = await records.release(release)
  if (known?.rolledBack !== undefined) await records.setRelease({...known, rolledBack: undefined})
}
