// Waits until a server answers on the health ladder, or until it is plain that it will not.
import {setTimeout as pause} from 'node:timers/promises'
import {processorTimeMs} from '../instance/processorTime.ts'
import {type Climb, wasAnswered} from '../mcp/ladder.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {crashLoop, statusOf} from './crashLoop.ts'

export interface BecomeReady {
  instance: Instance
  server: InstanceServer
  target: Target
  shell: Shell
  signal: AbortSignal
  /** One try to reach a server: holds or not, and a sentence. */
  attempt: (
    server: InstanceServer,
    timeoutMs: number,
  ) => Promise<{holds: boolean; summary: string} & Partial<Pick<Climb, 'rungs'>>>
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
   * The deadline passed, it never answered anything, and its processes ran, waited for a processor, or could not be looked at: a
   * busy machine may be why. One that waits for something else is not ready on a quiet machine either.
   */
  hampered?: boolean
}

export async function becomeReady({instance, server, target, shell, signal, attempt}: BecomeReady): Promise<Ready> {
  const {startupSeconds, healthMs} = server.settings.limits
  const beganAt = performance.now()
  const deadlineAt = beganAt + startupSeconds * 1000
  let last = untried
  let answered = false
  const look = () => statusOf(server.name, {instance: {...instance, servers: [server]}, target, shell})
  // It has just been started.
  let wanted: Wanted = {atMs: beganAt, timeMs: 0, share: 1}
  while (performance.now() < deadlineAt) {
    const leftMs = deadlineAt - performance.now()
    const {holds, summary, rungs = []} = await attempt(server, Math.max(1, Math.round(Math.min(healthMs, leftMs))))
    if (holds) return {ready: true, detail: summary}
    // A try that was cut short by the deadline tells less than the one before it.
    if (leftMs >= healthMs || last === untried) last = summary
    answered ||= wasAnswered({rungs})
    const nowMs = performance.now()
    if (nowMs - wanted.atMs > lookEveryMs) {
      const status = await look()
      const loop = crashLoop(status, 0)
      if (loop !== undefined) return {ready: false, detail: loop}
      wanted = shareOf(wanted, nowMs, processorTimeMs(status?.identity))
    }
    await pause(pauseMs, undefined, {signal})
  }
  const detail = `the deadline of ${startupSeconds} s passed before it answered: ${last}`
  // A try may have taken all of the time since the last look; what is shorter than some turns of the processor says nothing.
  const endedAt = performance.now()
  if (endedAt - wanted.atMs > lookEveryMs / 2)
    wanted = shareOf(wanted, endedAt, processorTimeMs((await look())?.identity))
  return {ready: false, detail, hampered: !answered && wanted.share > idleShare}
}

/** What its processes wanted of a processor up to a moment, and as a share of the time since the moment before. */
interface Wanted {
  atMs: number
  timeMs: number | undefined
  share: number
}

// Unknown counts as all of the time. A program that was started again began at zero.
function shareOf(before: Wanted, atMs: number, timeMs: number | undefined): Wanted {
  if (timeMs === undefined || before.timeMs === undefined) return {atMs, timeMs, share: 1}
  const since = timeMs < before.timeMs ? timeMs : timeMs - before.timeMs
  return {atMs, timeMs, share: since / (atMs - before.atMs)}
}
