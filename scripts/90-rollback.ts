// Puts the last verified release back: undoes a change that is under way, or changes live to an earlier release.
import {earlierRelease} from './lib/cutover/earlierRelease.ts'
import {goBack} from './lib/cutover/goBack.ts'
import {reversed, type Transition} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {exitCode} from './lib/exitCode.ts'
import {entriesOf} from './lib/journal/facts.ts'
import {shortDigest} from './lib/release/release.ts'
import {type StepContext, step} from './lib/step.ts'
import {StepFailure} from './lib/stepFailure.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

const flags = {to: {type: 'string'}, reason: {type: 'string'}} as const

await step(
  {name: '90-rollback', targets: targetNames, phases: phaseNames, flags, lockedTo: 'roll back'},
  async context => {
    const {fleet, record, say, signal} = context
    const unfinished = readTransition(fleet.root)
    if (unfinished === undefined && startedByFailure(context)) {
      say('  live was not changed, so there is nothing to put back')
      return undefined
    }
    const transition =
      unfinished === undefined
        ? await earlierRelease(context, context.flags.own.to as string | undefined)
        : wayBack(unfinished, context.run)
    const {from, to} = transition
    record({
      type: 'fact',
      name: 'rollback',
      value: {from: from?.release, to: to?.release, reason: context.flags.own.reason ?? 'none was given'},
    })
    const target = targetOf(fleet.target)
    const verdict = await goBack({
      transition,
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    })
    if (verdict !== 'pass') {
      throw new StepFailure(
        exitCode.rollbackFailed,
        'the rollback could not finish; both copies are kept where they run',
        'a person is needed: pnpm status, pnpm logs SERVER',
      )
    }
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

// A rollback that was killed goes on in its own direction; anything else is turned round.
function wayBack(unfinished: Transition, run: string): Transition {
  return unfinished.purpose === 'rollback' ? {...unfinished, run} : reversed(unfinished, run)
}

/** Whether an earlier step of the same run failed: then a rollback that finds live untouched has done its work. */
function startedByFailure({entries}: StepContext): boolean {
  return entriesOf(entries(), 'step').some(
    entry => entry.step !== '90-rollback' && entry.state === 'finished' && entry.verdict !== 'pass',
  )
}
