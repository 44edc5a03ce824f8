// Puts in order what a killed run left unfinished: undoes a deploy, finishes what was found good, goes on with a rollback.
import {finishTransition} from './lib/cutover/finishTransition.ts'
import {goBack} from './lib/cutover/goBack.ts'
import {reversed} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {exitCode} from './lib/exitCode.ts'
import {endStale} from './lib/instance/endStale.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {StepFailure} from './lib/stepFailure.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {name: '15-resume', targets: targetNames, phases: phaseNames, lockedTo: 'put an unfinished run in order'},
  async context => {
    const {fleet, run, record, say, signal, store} = context
    const target = targetOf(fleet.target)
    const {name, ...stale} = await endStale({root: fleet.root, run, target, shell: context.shell('live')})
    record({type: 'check', phase: 'preflight', check: `preflight/${name}`, ...stale})
    const unfinished = readTransition(fleet.root)
    if (unfinished === undefined) {
      say('  no change of live is unfinished')
      return undefined
    }
    say(`  run ${unfinished.run} left a ${unfinished.purpose} unfinished`)
    if (unfinished.purpose === 'finish') {
      await finishTransition(unfinished, context, target)
      return undefined
    }
    const verdict = await goBack({
      transition: unfinished.purpose === 'rollback' ? {...unfinished, run} : reversed(unfinished, run),
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    })
    if (verdict !== 'pass')
      throw new StepFailure(
        exitCode.rollbackFailed,
        'the unfinished change could not be put in order; every copy is kept where it runs',
        'a person is needed: pnpm status, pnpm logs SERVER',
      )
    const live = store.live()
    say(live === undefined ? '  nothing is live' : `  ${shortDigest(live.release)} is live`)
    return undefined
  },
)
