// Puts the last verified release back: undoes a change that is under way, or changes live to an earlier release.
import {earlierRelease} from './lib/cutover/earlierRelease.ts'
import {finishTransition} from './lib/cutover/finishTransition.ts'
import {putBack} from './lib/cutover/putBack.ts'
import type {Transition} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {wayBack} from './lib/cutover/wayBack.ts'
import {entriesOf} from './lib/journal/facts.ts'
import {shortDigest} from './lib/release/release.ts'
import {type StepContext, step} from './lib/step.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

const flags = {to: {type: 'string'}, reason: {type: 'string'}} as const

await step(
  {name: '90-rollback', targets: targetNames, phases: phaseNames, flags, lockedTo: 'roll back'},
  async context => {
    const {fleet, record, say, signal} = context
    const target = targetOf(fleet.target)
    const unfinished = readTransition(fleet.root)
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
    const asked = context.flags.own.to as string | undefined
    if (unfinished?.halted && startedByFailure(context)) {
      say('  the change is halted where it is, as the fleet file asks: pnpm rollback puts everything back')
      return undefined
    }
    const transition = unfinished ? wayBack(unfinished, context, asked) : await earlierRelease(context, asked)
    const {from, to} = transition
    record({
      type: 'fact',
      name: 'rollback',
      value: {from: from?.release, to: to?.release, reason: context.flags.own.reason ?? 'none was given'},
    })
    await putBack({
      transition,
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    })
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
