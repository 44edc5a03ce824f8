// Waits until a server answers on the health ladder, or until it is plain that it will not.
import {setTimeout as pause} from 'node:timers/promises'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import type {Shell} from '../shell.ts'
import type {Target} from '../target.ts'
import {crashLoop, statusOf} from './crashLoop.ts'

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
      const status = await statusOf(server.name, {instance: {...instance, servers: [server]}, target, shell})
      const loop = crashLoop(status, 0)
      if (loop !== undefined) return {ready: false, detail: loop}
    }
    await pause(pauseMs, undefined, {signal})
  }
  return {ready: false, detail: `the deadline of ${startupSeconds} s passed before it answered: ${last}`}
}
