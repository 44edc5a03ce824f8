// Puts in order what a killed run left unfinished: undoes a deploy, finishes what was found good, goes on with a rollback.
import {fromWhatRuns, isServing} from './lib/cutover/anew.ts'
import {endLeftRestore} from './lib/cutover/endLeftRestore.ts'
import {finishTransition, foundGood} from './lib/cutover/finishTransition.ts'
import type {GoBack} from './lib/cutover/goBack.ts'
import {putBack} from './lib/cutover/putBack.ts'
import {renewRollbackScripts} from './lib/cutover/rollbackScript.ts'
import {startAgain} from './lib/cutover/startAgain.ts'
import {endTransition, readTransition} from './lib/cutover/transitionFile.ts'
import {wayBack} from './lib/cutover/wayBack.ts'
import {endStale} from './lib/instance/endStale.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {climbServer} from './phases/climbServer.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
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
    const {fleet, run, record, say, signal, store, changes} = context
    const target = targetOf(fleet.target)
    const {name, ...stale} = await endStale({root: fleet.root, run, target, shell: context.shell('live')})
    record({type: 'check', phase: 'preflight', check: `preflight/${name}`, ...stale})
    const shell = context.shell('live')
    const way: Omit<GoBack, 'transition'> = {
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    }
    const tellLive = () => {
      const live = store.live()
      say(live === undefined ? '  nothing is live' : `  ${shortDigest(live.release)} is live`)
    }
    renewRollbackScripts(fleet.root, target, changes)
    const unfinished = readTransition(fleet.root)
    if (unfinished === undefined) {
      const restored = endLeftRestore(fleet.root)
      say(
        `  no change of live is unfinished${restored ? '; a restore had not begun to change it, and is taken back' : ''}`,
      )
      const live = readInstance(fleet.root, 'live')
      if (live === undefined || (await isServing(live, target, shell))) return undefined
      say('  what is live does not run, as after a reboot: it is started again')
      await startAgain(live, way)
      tellLive()
      return undefined
    }
    say(`  run ${unfinished.run} left a ${unfinished.purpose} unfinished`)
    record({type: 'fact', name: 'resumed', value: {run: unfinished.run, purpose: unfinished.purpose}})
    if (unfinished.purpose !== 'finish') {
      await putBack({...way, transition: wayBack(unfinished, context, undefined)})
      tellLive()
      return undefined
    }
    const left = await fromWhatRuns(unfinished, {root: fleet.root, target, shell, changes})
    if (left === unfinished || left.to === undefined) {
      await finishTransition(unfinished, context, target)
      return undefined
    }
    foundGood(unfinished, context)
    // No old copy is left that could drain. After a kill from here on, what is live is started again like after any reboot.
    endTransition(fleet.root, changes)
    await startAgain(left.to, way)
    tellLive()
    return undefined
  },
)
