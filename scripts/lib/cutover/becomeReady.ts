// Waits until a server answers on the health ladder, or until it is plain that it will not.
import {setTimeout as pause} from 'node:timers/promises'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import {processorTimeMs} from '../instance/processorTime.ts'
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
// Who wants less of a processor than this, as a share of the time, waits for something else.
const idleShare = 0.25

export interface Ready {
  ready: boolean
  detail: string
  /**
   * The deadline passed while its processes ran, waited for a processor, or could not be looked at: a busy machine may be why. One
   * that waits for something else is not ready on a quiet machine either.
   */
  hampered?: boolean
}

export async function becomeReady({instance, server, target, shell, signal, attempt}: BecomeReady): Promise<Ready> {
  const {startupSeconds, healthMs} = server.settings.limits
  const beganAt = performance.now()
  const deadlineAt = beganAt + startupSeconds * 1000
  let lookedAt = beganAt
  let last = untried
  let wanted: {atMs: number; timeMs: number | undefined; share: number} = {atMs: beganAt, timeMs: undefined, share: 1}
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
      wanted = shareOf(wanted, lookedAt, processorTimeMs(status?.identity))
    }
    await pause(pauseMs, undefined, {signal})
  }
  const detail = `the deadline of ${startupSeconds} s passed before it answered: ${last}`
  return {ready: false, detail, hampered: wanted.share > idleShare}
}

// Unknown, as at the first look, counts as all of the time.
function shareOf(before: {atMs: number; timeMs: number | undefined}, atMs: number, timeMs: number | undefined) {
  const share =
    timeMs === undefined || before.timeMs === undefined ? 1 : (timeMs - before.timeMs) / Math.max(1, atMs - before.atMs)
  return {atMs, timeMs, share}
}
