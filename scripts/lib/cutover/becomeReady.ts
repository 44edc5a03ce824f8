// Waits until a server answers on the health ladder, or until it is plain that it will not.
import {setTimeout as pause} from 'node:timers/promises'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import type {Shell} from '../shell.ts'
import type {ProgramStatus, Target} from '../target.ts'

export interface BecomeReady {
  instance: Instance
  server: InstanceServer
  target: Target
  shell: Shell
  signal: AbortSignal
  /** One try to reach a server: holds or not, and a sentence. */
  attempt: (server: InstanceServer, timeoutMs: number) => Promise<{holds: boolean; summary: string}>
}

const untried = 'nothing was tried'
const pauseMs = 40
const lookEveryMs = 400
// One end can be a hiccup of the machine; a second one is how this server starts.
const endsThatShowALoop = 2

export async function becomeReady({
  instance,
  server,
  target,
  shell,
  signal,
  attempt,
}: BecomeReady): Promise<{ready: boolean; detail: string}> {
  const {startupSeconds, healthMs} = server.settings.limits
  const beganAt = performance.now()
  const deadlineAt = beganAt + startupSeconds * 1000
  let lookedAt = beganAt
  let last = untried
  while (performance.now() < deadlineAt) {
    const leftMs = deadlineAt - performance.now()
    const {holds, summary} = await attempt(server, Math.max(1, Math.round(Math.min(healthMs, leftMs))))
    if (holds) return {ready: true, detail: summary}
    // A try that was cut short by the deadline tells less than the one before it.
    if (leftMs >= healthMs || last === untried) last = summary
    if (performance.now() - lookedAt > lookEveryMs) {
      lookedAt = performance.now()
      const alone = {...instance, servers: [server]}
      const programs = target.inspect.read(await shell.run(target.inspect.command(alone)))
      const status = programs.find(program => program.name === server.name)
      if (status !== undefined && status.restarts >= endsThatShowALoop) return {ready: false, detail: crashing(status)}
    }
    await pause(pauseMs, undefined, {signal})
  }
  return {ready: false, detail: `the deadline of ${startupSeconds} s passed before it answered: ${last}`}
}

function crashing({restarts, lastExit}: ProgramStatus): string {
  return `ends by itself: ${restarts} times so far, last with exit code ${lastExit}`
}
