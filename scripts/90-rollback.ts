// Puts the last verified release back: undoes a change that is under way, or changes live to an earlier release.

import {earlierRelease} from './lib/cutover/earlierRelease.ts'
import {runTransition} from './lib/cutover/runTransition.ts'
import {settle} from './lib/cutover/settle.ts'
import {reversed, type Transition} from './lib/cutover/transition.ts'
import {endTransition, readTransition, saveTransition} from './lib/cutover/transitionFile.ts'
import {exitCode} from './lib/exitCode.ts'
import {endInstance} from './lib/instance/endInstance.ts'
import {saveInstance} from './lib/instance/savedInstance.ts'
import {entriesOf} from './lib/journal/facts.ts'
import {recordChanged} from './lib/recordChanged.ts'
import {shortDigest} from './lib/release/release.ts'
import {type StepContext, step} from './lib/step.ts'
import {StepFailure} from './lib/stepFailure.ts'
import {type Verdict, worst} from './lib/verdict.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {runPhases} from './phases/runPhases.ts'
import {targetNames, targetOf} from './targets/index.ts'

// An emergency does not wait for idle sessions; calls in flight end well before this.
const drainAtMostMs = 1500

await step(
  {
    name: '90-rollback',
    targets: targetNames,
    phases: phaseNames,
    flags: {to: {type: 'string'}, reason: {type: 'string'}},
    lockedTo: 'roll back',
  },
  async context => {
    const {fleet, run, record, store} = context
    const unfinished = readTransition(fleet.root)
    if (unfinished === undefined && startedByFailure(context)) {
      context.say('  live was not changed, so there is nothing to put back')
      return undefined
    }
    const back =
      unfinished === undefined
        ? await earlierRelease(context, context.flags.own.to as string | undefined)
        : reversed(unfinished, run)
    record({
      type: 'fact',
      name: 'rollback',
      value: {from: back.from?.release, to: back.to?.release, reason: context.flags.own.reason ?? 'a step failed'},
    })
    const verdict = await goBack(back, context)
    if (verdict !== 'pass')
      throw new StepFailure(
        exitCode.rollbackFailed,
        'the rollback could not finish; both copies are kept where they run',
        'a person is needed: pnpm status, pnpm logs SERVER, docs/emergency-rollback.md',
      )
    if (back.to !== undefined) record({type: 'release', release: back.to.release, event: 'rolled-back'})
    else context.say('  nothing was live before, so nothing is now')
    if (store.live() !== undefined) context.say(`  ${shortDigest(store.live()?.release ?? '')} is live`)
    return undefined
  },
)

/** Whether an earlier step of the same run failed: then a rollback that finds live untouched has done its work. */
function startedByFailure({entries}: StepContext): boolean {
  return entriesOf(entries(), 'step').some(
    entry => entry.step !== '90-rollback' && entry.state === 'finished' && entry.verdict !== 'pass',
  )
}

async function goBack(transition: Transition, context: StepContext): Promise<Verdict> {
  const {fleet, run, record, signal, store} = context
  const target = targetOf(fleet.target)
  const shell = context.shell('live')
  const save = (saved: Transition) => saveTransition(fleet.root, saved)
  const verdicts: Verdict[] = []
  const options = {transition, target, shell, signal, save}
  const good = await runTransition({
    ...options,
    fleetFolder: fleet.folder,
    liveState: undefined,
    attempt: (server, timeoutMs) =>
      climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
    onChanged: async changed => {
      const side = transition.to ?? transition.from
      if (side !== undefined) verdicts.push(await recordChanged(changed, {instance: side, target, shell, record}))
    },
  })
  if (!good) return 'fail'
  if (transition.to === undefined) {
    if (transition.from !== undefined) await endInstance(transition.from, target, shell)
    endTransition(fleet.root)
    return worst([...verdicts, 'pass'])
  }
  saveInstance(transition.to)
  store.setLive({release: transition.to.release, since: new Date().toISOString(), run})
  await settle({...options, drainAtMostMs})
  endTransition(fleet.root)
  record({type: 'fact', name: 'instance', value: {name: 'live', url: transition.to.ingress.url, servers: []}})
  return worst([...verdicts, await runPhases(context, target, phasesOf(['reachability', 'health']))])
}
