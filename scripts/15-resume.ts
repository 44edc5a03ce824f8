// Puts in order what a killed run left unfinished, then brings back everything that should run and does not.
import {fromWhatRuns} from './lib/cutover/anew.ts'
import {bringBack} from './lib/cutover/bringBack.ts'
import {endLeftRestore} from './lib/cutover/endLeftRestore.ts'
import {finishTransition, foundGood} from './lib/cutover/finishTransition.ts'
import {putBack} from './lib/cutover/putBack.ts'
import {renewRollbackScripts} from './lib/cutover/rollbackScript.ts'
import {startAgain} from './lib/cutover/startAgain.ts'
import {changeName, type Transition} from './lib/cutover/transition.ts'
import {endTransition, readTransition} from './lib/cutover/transitionFile.ts'
import {wayBack} from './lib/cutover/wayBack.ts'
import {endStale} from './lib/instance/endStale.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {shortDigest} from './lib/release/release.ts'
import {reportPrograms} from './lib/status/reportPrograms.ts'
import {type StepContext, step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {liveWay} from './phases/liveWay.ts'
import {trustAuthority} from './phases/trustAuthority.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '15-resume',
    targets: targetNames,
    phases: phaseNames,
    lockedTo: 'put an unfinished run in order',
    tellsAlone: true,
  },
  async context => {
    const {fleet, run, record, say, records, changes} = context
    const target = targetOf(fleet.target)
    const {name, ...stale} = await endStale({
      root: fleet.root,
      documents: context.documents,
      run,
      target,
      shell: context.shell('live'),
    })
    record({type: 'check', phase: 'preflight', check: `preflight/${name}`, ...stale})
    renewRollbackScripts(fleet.root, target, changes)
    const unfinished = await readTransition(context.documents, fleet.root)
    if (unfinished === undefined) {
      const restored = endLeftRestore(fleet.root)
      say(
        `  no change of live is unfinished${restored ? '; a restore had not begun to change it, and is taken back' : ''}`,
      )
    } else await continueChange(unfinished, context)
    const live = await readInstance(context.documents, fleet.root, 'live')
    if (live === undefined) {
      say('  nothing is live')
      return undefined
    }
    trustAuthority(live.ingress)
    const {acts, programs} = await bringBack(live, liveWay(context, target))
    record({type: 'fact', name: 'brought-back', value: {acts}})
    if (acts === 0) say('  everything that should run runs')
    say(`  ${shortDigest((await records.live())?.release ?? live.release)} is live`)
    return reportPrograms(programs, say)
  },
)

async function continueChange(unfinished: Transition, context: StepContext): Promise<void> {
  const {fleet, record, say, documents} = context
  const target = targetOf(fleet.target)
  const way = liveWay(context, target)
  say(`  run ${unfinished.run} left a ${changeName(unfinished)} unfinished`)
  record({type: 'fact', name: 'resumed', value: {run: unfinished.run, purpose: changeName(unfinished)}})
  if (unfinished.purpose !== 'finish')
    return putBack({...way, transition: await wayBack(unfinished, context, undefined)})
  const left = await fromWhatRuns(unfinished, {root: fleet.root, target, shell: context.shell('live'), documents})
  if (left === unfinished || left.to === undefined) return finishTransition(unfinished, context, target)
  await foundGood(unfinished, context)
  // No old copy is left that could drain. After a kill from here on, what is live is started again like after any reboot.
  await endTransition(documents)
  await startAgain(left.to, way)
}
