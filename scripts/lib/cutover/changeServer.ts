// Changes one server from its old copy to its new one, without losing a call, or leaves the old one serving.
import {setTimeout as pause} from 'node:timers/promises'
import type {Changes} from '../files/changes.ts'
import type {Instance} from '../target/instance.ts'
import {type BecomeReady, becomeReady, type Ready} from './becomeReady.ts'
import type {RouteWriter} from './routeWriter.ts'
import type {StateSwap} from './stateSwap.ts'
import {copyIn, type ServerChange, type Stage, type Transition} from './transition.ts'

export interface ChangeServer extends Pick<BecomeReady, 'target' | 'shell' | 'signal' | 'attempt'> {
  transition: Transition
  routes: RouteWriter
  /** Keeps how far each server is, before the routes say it. */
  setStage: (server: string, stage: Stage) => Promise<void>
  changes: Changes
  /** Set when state of servers changes with them. */
  swap?: StateSwap
}

/** How a change went. `ready` is false when the new copy did not come up; then the old one serves as before. */
export interface Changed extends Ready {
  server: string
  /** It did not come up, and the rollout's budget allows that. */
  tolerated?: boolean
  ms: number
}

export async function changeServer(change: ServerChange, options: ChangeServer): Promise<Changed> {
  const beganAt = performance.now()
  const result = await strategyOf(change)(change, options)
  return {...result, server: change.server, ms: Math.round(performance.now() - beganAt)}
}

/** Puts one server back on its old copy, after it was changed in this transition. */
export async function revertServer({server, strategy}: ServerChange, options: ChangeServer): Promise<void> {
  const {transition, target, shell} = options
  const to = present(transition.to)
  if (copyIn(transition.from, server) === undefined || strategy === 'blue-green') {
    await advance(server, 'waiting', options)
    await shell.run(target.stopServer(to, server))
    return
  }
  await advance(server, 'held', options)
  await shell.run(target.stopServer(to, server))
  await start(server, present(transition.from), options)
  await advance(server, 'waiting', options)
}

type Strategy = (change: ServerChange, options: ChangeServer) => Promise<Ready>

function strategyOf({kind, strategy}: ServerChange): Strategy {
  if (kind === 'keep') return async () => ({ready: true, detail: 'did not change: its copy goes on'})
  if (kind === 'remove') return remove
  return kind === 'replace' && strategy === 'recreate' ? recreate : beside
}

// The new copy starts beside the old one and climbs the ladder; then one atomic route switch gives it the new traffic.
const beside: Strategy = async ({server}, options) => {
  const {transition, target, shell, swap} = options
  const to = present(transition.to)
  await swap?.enter(server)
  const started = await start(server, to, options)
  if (started.ready) {
    await advance(server, 'switched', options)
    return started
  }
  await shell.run(target.stopServer(to, server))
  await swap?.leave(server)
  return started
}

// Two writers of one state are impossible here, so requests wait at the ingress while the copies change places.
const recreate: Strategy = async ({server}, options) => {
  const {transition, target, shell, swap} = options
  const from = present(transition.from)
  const to = present(transition.to)
  await advance(server, 'held', options)
  await quiet(server, options)
  await shell.run(target.stopServer(from, server))
  await swap?.enter(server)
  const started = await start(server, to, options)
  if (started.ready) {
    await advance(server, 'settled', options)
    return started
  }
  await shell.run(target.stopServer(to, server))
  await swap?.leave(server)
  const back = await start(server, from, options)
  await advance(server, 'waiting', options)
  return {
    ...started,
    detail: `${started.detail}${back.ready ? '; the old copy serves again' : `; and the old copy did not come up again: ${back.detail}`}`,
  }
}

const remove: Strategy = async ({server}, options) => {
  await advance(server, 'switched', options)
  if (options.swap?.concerns(server)) {
    // Its state changes although no copy follows, and nobody may write to it meanwhile.
    const {transition, target, shell, swap} = options
    await quiet(server, options)
    await shell.run(target.stopServer(present(transition.from), server))
    await swap.enter(server)
  }
  return {ready: true, detail: 'takes no new traffic'}
}

async function start(server: string, instance: Instance, {target, shell, signal, attempt}: ChangeServer) {
  const copy = copyIn(instance, server)
  if (copy === undefined) throw new Error(`instance ${instance.name} has no server ${server}`)
  await shell.run(target.startServer(instance, server))
  return becomeReady({instance, server: copy, target, shell, signal, attempt})
}

async function advance(server: string, stage: Stage, {setStage, routes}: ChangeServer): Promise<void> {
  await setStage(server, stage)
  await routes.write()
}

/** Calls in flight at the old copy end first, within a third of the time for which requests may be held. */
async function quiet(server: string, {transition, routes, signal}: ChangeServer): Promise<void> {
  const copy = copyIn(transition.from, server)
  const deadlineAt = performance.now() + Math.min(10_000, (copy?.settings.limits.drainSeconds ?? 0) * 1000)
  while (performance.now() < deadlineAt) {
    const status = await routes.status()
    // What the ingress does not say for now is waited for.
    if (status !== undefined && (status.servers[server]?.copies[copy?.copy ?? '']?.inFlight ?? 0) === 0) return
    await pause(20, undefined, {signal})
  }
}

function present(instance: Instance | undefined): Instance {
  if (instance === undefined) throw new Error('a copy is to be changed on a side that has no instance')
  return instance
}
