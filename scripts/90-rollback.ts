// Puts the last verified release back: undoes a change that is under way, or changes live to an earlier release or a backup.
import {isServing} from './lib/cutover/anew.ts'
import {earlierRelease} from './lib/cutover/earlierRelease.ts'
import {endLeftRestore} from './lib/cutover/endLeftRestore.ts'
import {finishTransition} from './lib/cutover/finishTransition.ts'
import type {GoBack} from './lib/cutover/goBack.ts'
import {putBack} from './lib/cutover/putBack.ts'
import {restoreLive} from './lib/cutover/restoreLive.ts'
import type {Transition} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {wayBack} from './lib/cutover/wayBack.ts'
import {entriesOf} from './lib/journal/facts.ts'
import {shortDigest} from './lib/release/release.ts'
import type {Shell} from './lib/shell.ts'
import {type StepContext, step} from './lib/step.ts'
import type {Target} from './lib/target.ts'
import {UserError} from './lib/userError.ts'
import {climbServer} from './phases/climbServer.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

const flags = {
  to: {type: 'string'},
  'from-backup': {type: 'string'},
  'without-backup': {type: 'boolean'},
  reason: {type: 'string'},
} as const

await step(
  {name: '90-rollback', targets: targetNames, phases: phaseNames, flags, lockedTo: 'roll back', tellsAlone: true},
  async context => {
    const {fleet, record, say, signal} = context
    const target = targetOf(fleet.target)
    const way: Omit<GoBack, 'transition'> = {
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    }
    const {'from-backup': named, 'without-backup': withoutBackup, to: goal} = context.flags.own
    if (typeof named === 'string') {
      if (goal !== undefined)
        throw new UserError(
          '--to and --from-backup contradict each other',
          'a backup names its release: leave --to out',
        )
      const verdict = await restoreLive({...way, named, withoutBackup: withoutBackup === true})
      say(liveNow(context))
      return verdict
    }
    if (withoutBackup === true) throw new UserError('--without-backup belongs to --from-backup', 'leave it out')
    const unfinished = readTransition(fleet.root)
    if (unfinished === undefined) endLeftRestore(fleet.root)
    if (startedByFailure(context)) {
      if (unfinished?.run !== context.run) {
        say(`  this run did not change live, so there is nothing to put back${left(unfinished)}`)
        return undefined
      }
      if (unfinished.purpose === 'finish') {
        say(`  ${shortDigest(unfinished.to?.release ?? '')} was found good already, so it stays`)
        await finishTransition(unfinished, context, target)
        return undefined
      }
    }
    const asked = goal as string | undefined
    if (unfinished?.halted && startedByFailure(context)) {
      say('  the change is halted where it is, as the fleet file asks: pnpm rollback puts everything back')
      return undefined
    }
    const {transition, serves} = unfinished
      ? await looked(wayBack(unfinished, context, asked), target, context.shell('live'))
      : await earlierRelease(context, {...way, to: asked})
    const {from, to} = transition
    record({
      type: 'fact',
      name: 'rollback',
      value: {from: from?.release, to: to?.release, reason: context.flags.own.reason ?? 'none was given'},
    })
    await putBack({...way, transition, serves})
    if (to === undefined) say('  nothing was live before, so nothing is live now')
    else {
      record({
        type: 'release',
        release: to.release,
        event: 'rolled-back',
        detail: `from ${shortDigest(from?.release ?? '')}`,
      })
      say(`  ${shortDigest(to.release)} is live at ${to.ingress.url}`)
    }
    return undefined
  },
)

// Before it is written down where it goes, as that depends on it.
async function looked(transition: Transition, target: Target, shell: Shell) {
  const {from} = transition
  return {transition, serves: from !== undefined && (await isServing(from, target, shell))}
}

function liveNow({store, fleet}: StepContext): string {
  const live = store.live()
  return live === undefined ? `  nothing is live in ${fleet.environment}` : `  ${shortDigest(live.release)} is live`
}

/** Whether an earlier step of the same run failed: then only what this run has changed is put back. */
function startedByFailure({entries}: StepContext): boolean {
  return entriesOf(entries(), 'step').some(
    entry => entry.step !== '90-rollback' && entry.state === 'finished' && entry.verdict !== 'pass',
  )
}

function left(unfinished: Transition | undefined): string {
  return unfinished === undefined
    ? ''
    : `; run ${unfinished.run} left a ${unfinished.purpose} unfinished, which pnpm resume puts in order`
}
