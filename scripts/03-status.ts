// Says what is live, since when, and how it is: the first thing an on-call engineer types.

import {standbyNow} from './lib/cutover/standbyNow.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {exitCode} from './lib/exitCode.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {readLock} from './lib/lock/holder.ts'
import {stateOf} from './lib/lock/holderState.ts'
import {looking} from './lib/looking.ts'
import {statusLines} from './lib/statusLines.ts'
import {healthAnswer} from './phases/healthAnswer.ts'
import {phaseNames} from './phases/index.ts'
import {trustAuthority} from './phases/trustAuthority.ts'
import {targetNames, targetOf} from './targets/index.ts'

const answerWithinMs = 5000

await looking({targets: targetNames, phases: phaseNames}, async ({fleet, flags, store, shell, signal}) => {
  const instance = readInstance(fleet.root, 'live')
  const target = targetOf(fleet.target)
  const programs = instance === undefined ? [] : target.inspect.read(await shell.run(target.inspect.command(instance)))
  const standby = await standbyNow(fleet.root, target, shell)
  if (instance !== undefined) trustAuthority(instance.ingress)
  const health = instance && (await healthAnswer(`${instance.ingress.url}/health`, signal, answerWithinMs))
  const seen = {
    fleet,
    pointer: store.live(),
    records: store.records(),
    ...lockSeen(fleet.root),
    instance,
    programs,
    standby,
    health,
  }
  if (flags.json)
    console.log(
      JSON.stringify({...seen, fleet: fleet.name, environment: fleet.environment, instance: undefined}, null, 2),
    )
  else for (const line of statusLines(seen)) console.log(line)
  return instance === undefined || health?.status === 200 ? exitCode.good : exitCode.bad
})

function lockSeen(root: string) {
  const lock = readLock(root)
  const unfinished = readTransition(root)
  const seen = lock && stateOf(root, lock, new Date())
  return {
    lock,
    lockState: seen?.state,
    lockHeardMs: seen?.heardMs,
    unfinished: unfinished && {run: unfinished.run, purpose: unfinished.purpose},
  }
}
