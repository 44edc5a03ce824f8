// Brings an instance up: folders, files, state, ingress, then the servers batch by batch, each ready before the next.
import {cpSync, existsSync, mkdirSync, readdirSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import type {Shell} from '../shell.ts'
import type {ProgramStatus, Target} from '../target.ts'
import {writeAtomically} from '../writeAtomically.ts'
import type {Instance, InstanceServer} from './instance.ts'
import {saveInstance} from './savedInstance.ts'

/** How a server's start went. `detail` says which rung it reached, or why it will not come up. */
export interface Started {
  server: string
  ready: boolean
  ms: number
  detail: string
}

export interface StartInstance {
  instance: Instance
  target: Target
  shell: Shell
  signal: AbortSignal
  /** Folder of the fleet file, for seeds. */
  fleetFolder: string
  /** Folder whose state is copied, where the fleet file says so; undefined when there is no live instance. */
  liveState: string | undefined
  /** One try to reach a server: holds or not, and a sentence. */
  attempt: (server: InstanceServer, timeoutMs: number) => Promise<{holds: boolean; summary: string}>
  onStarted: (started: Started) => Promise<void>
}

/** Starts everything that can be started; a batch is not begun when one before it did not come up. */
export async function startInstance(options: StartInstance): Promise<void> {
  const {instance, target, shell} = options
  for (const folder of target.folders(instance)) mkdirSync(folder, {recursive: true})
  for (const {path, text, mode} of target.files(instance)) writeAtomically(path, text, mode)
  for (const server of instance.servers) fillState(server, options)
  saveInstance(instance)
  await shell.run(target.startIngress(instance))
  for (const batch of instance.batches) {
    const started = await Promise.all(batch.map(name => startServer(name, options)))
    if (started.some(one => !one.ready)) return
  }
}

async function startServer(name: string, options: StartInstance): Promise<Started> {
  const {instance, target, shell, onStarted} = options
  const server = instance.servers.find(candidate => candidate.name === name)
  if (server === undefined) throw new Error(`the instance has no server ${name}`)
  const beganAt = performance.now()
  await shell.run(target.startServer(instance, name))
  const {ready, detail} = await becomeReady(server, options, beganAt)
  const started = {server: name, ready, detail, ms: Math.round(performance.now() - beganAt)}
  await onStarted(started)
  return started
}

const pauseMs = 60
const lookEveryMs = 400
// One end can be a hiccup of the machine; a second one is how this server starts.
const endsThatShowALoop = 2

async function becomeReady(
  server: InstanceServer,
  {instance, target, shell, signal, attempt}: StartInstance,
  beganAt: number,
): Promise<{ready: boolean; detail: string}> {
  const {startupSeconds, healthMs} = server.settings.limits
  const deadlineAt = beganAt + startupSeconds * 1000
  let lookedAt = beganAt
  let last = 'nothing was tried'
  while (performance.now() < deadlineAt) {
    const {holds, summary} = await attempt(server, Math.max(1, Math.min(healthMs, deadlineAt - performance.now())))
    if (holds) return {ready: true, detail: summary}
    last = summary
    if (performance.now() - lookedAt > lookEveryMs) {
      lookedAt = performance.now()
      const status = target.inspect
        .read(await shell.run(target.inspect.command(instance)))
        .find(program => program.name === server.name)
      if (status !== undefined && status.restarts >= endsThatShowALoop) return {ready: false, detail: crashing(status)}
    }
    await pause(pauseMs, undefined, {signal})
  }
  return {ready: false, detail: `the deadline of ${startupSeconds} s passed before it answered: ${last}`}
}

function crashing({restarts, lastExit}: ProgramStatus): string {
  return `ends by itself: ${restarts} times so far, last with exit code ${lastExit}`
}

// A rehearsal works on a copy, so that nothing it does can be seen in the live state.
function fillState(server: InstanceServer, {fleetFolder, liveState}: StartInstance): void {
  const {state} = server.settings
  if (state === undefined || readdirSync(server.state).length > 0) return
  const live = liveState === undefined ? undefined : join(liveState, server.name)
  if (live !== undefined && existsSync(live)) {
    if (state.rehearsal === 'copy') cpSync(live, server.state, {recursive: true, preserveTimestamps: true})
  } else if (state.seed !== undefined) cpSync(resolve(fleetFolder, state.seed), server.state, {recursive: true})
}
