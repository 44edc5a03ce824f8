// Says what is live, since when, and how it is: the first thing an on-call engineer types.

import {jsonText} from './lib/cli/printed.ts'
import {standbyNow} from './lib/cutover/standbyNow.ts'
import {changeName} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {exitCode} from './lib/errors/exitCode.ts'
import {UserError} from './lib/errors/userError.ts'
import {observeStack} from './lib/instance/observeStack.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {readStopped} from './lib/instance/stoppedFile.ts'
import {readLock} from './lib/lock/holder.ts'
import {stateOf} from './lib/lock/holderState.ts'
import {isWell, statusLines} from './lib/status/statusLines.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {trustAuthority} from './phases/trustAuthority.ts'
import {targetNames, targetOf} from './targets/index.ts'

// With its own start, this program ends within a second and a half on a machine that is not busy.
const answerWithinMs = 1000

await looking(
  {targets: targetNames, phases: phaseNames, flags: {timeout: {type: 'string'}}},
  async ({fleet, flags, records, documents, shell, signal, say}) => {
    const instance = await readInstance(documents, fleet.root, 'live')
    const target = targetOf(fleet.target)
    if (instance !== undefined) trustAuthority(instance.ingress)
    const withinMs = timeoutMs(flags.own.timeout)
    const [programs, standby, pointer, known, unfinished] = await Promise.all([
      instance && observeStack(instance, {target, shell, signal, withinMs}),
      standbyNow({root: fleet.root, documents, target, shell}),
      records.live(),
      records.releases(),
      readTransition(documents, fleet.root),
    ])
    const seen = {
      fleet,
      pointer,
      records: known,
      ...lockSeen(fleet.root),
      unfinished: unfinished && {run: unfinished.run, purpose: changeName(unfinished)},
      instance,
      stopped: instance && (await readStopped(documents, instance.folder)),
      programs,
      standby,
    }
    if (flags.json)
      console.log(jsonText({...seen, fleet: fleet.name, environment: fleet.environment, instance: undefined}, 2))
    else for (const line of statusLines(seen)) say(line)
    return isWell(seen) ? exitCode.good : exitCode.bad
  },
)

function timeoutMs(asked: string | boolean | undefined): number {
  if (asked === undefined) return answerWithinMs
  const seconds = Number(asked)
  if (!(seconds > 0 && seconds <= 600))
    throw new UserError(`--timeout: should be a number of seconds up to 600, got ${asked}`)
  return Math.ceil(seconds * 1000)
}

function lockSeen(root: string) {
  const lock = readLock(root)
  const seen = lock && stateOf(root, lock, new Date())
  return {
    lock,
    lockState: seen?.state,
    lockHeardMs: seen?.heardMs,
  }
}
