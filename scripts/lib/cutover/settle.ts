// Ends the copies that a transition left behind: they drain until their calls and sessions end or their time is over.
import {setTimeout as pause} from 'node:timers/promises'
import type {Changes} from '../files/changes.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {type RouteWriter, routeWriter} from './routeWriter.ts'
import {ingressSide} from './runTransition.ts'
import {copyIn, type ServerChange, type Transition} from './transition.ts'

export interface Settle {
  transition: Transition
  target: Target
  shell: Shell
  signal: AbortSignal
  save: (transition: Transition) => Promise<void>
  changes: Changes
  /** At most this long per server, whatever the fleet file allows; an emergency does not wait for idle sessions. */
  drainAtMostMs: number
  /** Told when a copy has drained, before it is stopped. */
  onDrained?: (server: string, drained: Drained) => void
  /** May leave the old copy running without traffic; gives for how many seconds, 0 when it is to be stopped. */
  goOnStandby?: (change: ServerChange) => Promise<number>
}

/** `left` of what was still there when the time was over. */
export interface Drained {
  ms: number
  inFlight: number
  streams: number
  sessions: number
}

/** How a copy ended. `left` counts what it still had when its time was over. */
export interface Settled {
  server: string
  ms: number
  /** For how long it goes on without traffic; 0: it was stopped. */
  standbySeconds: number
  left: {inFlight: number; streams: number; sessions: number}
}

export async function settle(options: Settle): Promise<Settled[]> {
  const {transition, target, changes} = options
  const routes = routeWriter({instance: ingressSide(transition), target, shell: options.shell, transition, changes})
  // What is settled already may have been killed before its old copy ended; ending it twice does no harm.
  const due = transition.changes.filter(
    ({kind, server}) => kind !== 'keep' && ['switched', 'settled'].includes(transition.stages[server] ?? ''),
  )
  const settled = await Promise.all(due.map(change => settleServer(change, routes, options)))
  // The last of them wrote the final routes; without any, the names of the earlier release are still in them.
  if (due.length === 0) await routes.write()
  return settled
}

async function settleServer(change: ServerChange, routes: RouteWriter, options: Settle): Promise<Settled> {
  const {transition, target, shell, save, onDrained, goOnStandby} = options
  const {server} = change
  const beganAt = performance.now()
  const old = copyIn(transition.from, server)
  const left =
    old === undefined ? none : await drained(server, old.copy, old.settings.limits.drainSeconds * 1000, routes, options)
  if (old !== undefined) onDrained?.(server, {ms: sinceMs(beganAt), ...left})
  transition.stages[server] = 'settled'
  await save(transition)
  // From here on its sessions get 404, which makes a conforming client start over.
  await routes.write()
  if (old === undefined || transition.from === undefined) return {server, left, standbySeconds: 0, ms: sinceMs(beganAt)}
  const standbySeconds = (await goOnStandby?.(change)) ?? 0
  if (standbySeconds === 0) await shell.run(target.stopServer(transition.from, server))
  return {server, left, standbySeconds, ms: sinceMs(beganAt)}
}

function sinceMs(beganAt: number): number {
  return Math.round(performance.now() - beganAt)
}

const none = {inFlight: 0, streams: 0, sessions: 0}

async function drained(
  server: string,
  copy: string,
  drainMs: number,
  routes: RouteWriter,
  {drainAtMostMs, signal}: Settle,
) {
  const deadlineAt = performance.now() + Math.min(drainMs, drainAtMostMs)
  for (;;) {
    const status = await routes.status()
    const {inFlight, streams, sessions} = status?.servers[server]?.copies[copy] ?? none
    // What the ingress does not say for now is waited for: it may still have calls.
    const isSilent = status !== undefined && inFlight + streams + sessions === 0
    if (isSilent || performance.now() >= deadlineAt) return {inFlight, streams, sessions}
    await pause(25, undefined, {signal})
  }
}
