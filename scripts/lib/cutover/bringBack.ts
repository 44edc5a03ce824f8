// Brings back what should run and does not: programs that ended, lost their supervisor or were halted, or the whole stack.
import {setTimeout as pause} from 'node:timers/promises'
import {UserError} from '../errors/userError.ts'
import {observeStack} from '../instance/observeStack.ts'
import {ingressArgv} from '../instance/planInstance.ts'
import {notKeptRunning, type ProgramState} from '../instance/programState.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {forgetStopped, readStopped, stoppedBy} from '../instance/stoppedFile.ts'
import {shortDigest} from '../release/release.ts'
import type {Instance} from '../target/instance.ts'
import type {ProgramStatus} from '../target/target.ts'
import {becomeReady} from './becomeReady.ts'
import {endStandby} from './endStandby.ts'
import type {GoBack} from './goBack.ts'
import {restartServers} from './restartServers.ts'
import {standbyNow} from './standbyNow.ts'
import {startAgain} from './startAgain.ts'

export interface BroughtBack {
  /** How many things were done; 0 where everything ran. */
  acts: number
  /** Every program at the end. */
  programs: ProgramState[]
}

type Way = Omit<GoBack, 'transition'>

// What was just continued or adopted answers within moments; who is unhealthy for another reason is not waited for.
const settledWithinMs = 5000
const lookEveryMs = 200

/** Says what it does, program by program. No change may be on record. Each act may be repeated after a kill. */
export async function bringBack(live: Instance, way: Way): Promise<BroughtBack> {
  const {context, target} = way
  const {fleet, say} = context
  const shell = context.shell('live')
  const stopped = await readStopped(context.documents, live.folder)
  if (stopped !== undefined) {
    say(`  ${shortDigest(live.release)} was ${stoppedBy(stopped)}: it is started again`)
    await forgetStopped(context.documents, live.folder)
  }
  let acts = stopped === undefined ? 0 : 1
  const done = (what: string) => {
    acts += 1
    say(`  ${what}`)
  }
  const standby = await standbyNow({root: fleet.root, documents: context.documents, target, shell})
  if (standby?.isStale) {
    await endStandby({root: fleet.root, target, shell, documents: context.documents})
    done(`${standby.servers.join(', ')} on standby since before ${standby.until}: ended`)
  }
  const programs = target.inspect.read(await shell.run(target.inspect.command(live)))
  const ingress = programs.find(({name}) => name === 'ingress')
  if (ingress === undefined || (!ingress.running && !ingress.supervised)) {
    if (stopped === undefined) say('  what is live does not run, as after a reboot: it is started again')
    // Nobody is connected, so the ingress may be that of the release, and not one that was kept over changes.
    const argv = ingressArgv(live.releaseFolder, live.ingress.folder)
    await startAgain({...live, ingress: {...live.ingress, argv}}, way)
    acts += 1
  } else await bringBackPrograms(live, programs, way, done)
  const now = (await readInstance(context.documents, fleet.root, 'live')) ?? live
  return {acts, programs: await settledPrograms(now, way)}
}

async function bringBackPrograms(
  live: Instance,
  programs: readonly ProgramStatus[],
  way: Way,
  done: (what: string) => void,
): Promise<void> {
  const {context, target} = way
  const shell = context.shell('live')
  for (const {name, frozen} of programs) {
    if (frozen === undefined || target.unfreeze === undefined) continue
    await shell.run(target.unfreeze(live, name))
    done(`${name}: its ${frozen} was frozen (SIGSTOP), and continues`)
  }
  const ended: string[] = []
  for (const program of programs) {
    const {name, running, supervised} = program
    if (running && supervised) continue
    if (running) {
      await shell.run(name === 'ingress' ? target.startIngress(live) : target.startServer(live, name))
      done(`${name}: ${notKeptRunning(program)}; another one keeps it running now`)
    } else if (name === 'ingress') {
      // Its supervisor pauses, and nothing is served meanwhile.
      await shell.run(target.stopIngress(live))
      await shell.run(target.startIngress(live))
      done('ingress: did not run, and is started')
    } else ended.push(name)
  }
  if (ended.length > 0) await replaceEnded(live, ended, way, done)
}

// On a port of its own, since what held the old one may hold it still.
async function replaceEnded(
  live: Instance,
  ended: readonly string[],
  way: Way,
  done: (what: string) => void,
): Promise<void> {
  const {context, target, attempt} = way
  if ((await context.records.release(live.release))?.deployed !== undefined) {
    const {changed} = await restartServers(live, ended, way)
    for (const {server, ready, detail} of changed)
      done(ready ? `${server}: did not run, and is started` : `${server}: does not come up: ${detail}`)
    return
  }
  const shell = context.shell('live')
  for (const server of live.servers.filter(({name}) => ended.includes(name))) {
    await shell.run(target.stopServer(live, server.name))
    await shell.run(target.startServer(live, server.name))
    const options = {instance: live, server, target, shell, signal: context.signal, attempt}
    const {ready, detail} = await becomeReady(options)
    done(ready ? `${server.name}: did not run, and is started` : `${server.name}: does not come up: ${detail}`)
  }
}

async function settledPrograms(live: Instance, {context, target}: Way): Promise<ProgramState[]> {
  const options = {target, shell: context.shell('live'), signal: context.signal, withinMs: settledWithinMs}
  const deadlineAt = performance.now() + settledWithinMs
  for (;;) {
    const programs = await observeStack(live, options)
    if (programs?.every(({state}) => state === 'healthy')) return programs
    if (performance.now() > deadlineAt) {
      if (programs !== undefined) return programs
      throw new UserError('nothing of what is live runs, although it was just started', 'pnpm status')
    }
    await pause(lookEveryMs, undefined, {signal: context.signal})
  }
}
