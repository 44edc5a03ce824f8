// Starts one more copy of a server of a rehearsal beside the twin's own, for a phase to burden or break; ends it with proof.
import {randomBytes} from 'node:crypto'
import {lasting} from '../async/lasting.ts'
import {type LimitConcurrency, limitConcurrency} from '../async/limitConcurrency.ts'
import {UserError} from '../errors/userError.ts'
import {unguarded} from '../files/changes.ts'
import {lstatIfThere} from '../files/ifThere.ts'
import {removeTree} from '../files/removeTree.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {extraFolder} from '../instance/extraCopies.ts'
import {planInstance} from '../instance/planInstance.ts'
import {saveInstance} from '../instance/savedInstance.ts'
import {tryTcp} from '../mcp/tryTcp.ts'
import {folderDocuments} from '../records/folderDocuments.ts'
import {readRelease} from '../release/readRelease.ts'
import {copyFolder} from '../state/copyFolder.ts'
import {holdServer, usualPauseSeconds} from '../state/holdServer.ts'
import {freePorts} from '../target/freePorts.ts'
import {type Instance, type InstanceServer, isRehearsal, serverOf} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {CopyProcess, Disturbance, ProgramStatus, Target} from '../target/target.ts'
import {type BecomeReady, becomeReady} from './becomeReady.ts'
import {prepareInstance} from './prepareInstance.ts'

/** What is different about an extra copy. */
export interface CopyOptions {
  /** Ends the waiting for readiness. */
  signal: AbortSignal
  /** Variables in place of, or beside, those of the server. */
  environment?: Readonly<Record<string, string>>
  /** Names of secrets that it does not get. */
  withoutSecrets?: readonly string[]
  /** Instead of a free one. */
  port?: number
  /** Its programs can be asked for their live memory, where their runtime allows that. */
  tellsMemory?: boolean
  /** False: it is not waited for, since it is meant to be broken from the start. */
  waits?: boolean
}

/** A running extra copy. Disposing of it stops it, proves that nothing is left, and removes its files. */
export interface ServerCopy extends InstanceServer, AsyncDisposable {
  /** Whether it held on the health ladder within `limits.startupSeconds`; always false where it was not waited for. */
  ready: boolean
  /** What was seen last while it was waited for. */
  detail: string
  status: () => Promise<ProgramStatus | undefined>
  /** Supervisor, program and what that started. Throws a `UserError` where the target cannot tell. */
  processes: () => Promise<CopyProcess[]>
  /** Of the programs that tell it; empty when none does. */
  memory: () => Promise<ReturnType<Disturbance['memory']['read']>>
  signal: (processes: readonly CopyProcess[], signal: 'STOP' | 'CONT' | 'KILL', why: string) => Promise<void>
  fullDisk: (processes: readonly CopyProcess[], full: boolean) => Promise<void>
}

export type StartCopy = (server: InstanceServer, options: CopyOptions) => Promise<ServerCopy>

export interface CopyStarter {
  instance: Instance
  fleet: Fleet
  target: Target
  shell: Shell
  attempt: BecomeReady['attempt']
}

/** The function that starts extra copies of the servers of `instance`, which must be a rehearsal. */
export function copyStarter(starter: CopyStarter): StartCopy {
  const taken = new Set<number>()
  // Two at once would let the twin go on while the other one still copies its state.
  const oneByOne = limitConcurrency(1)
  return async (server, options) => {
    if (!isRehearsal(starter.instance)) throw new Error(`an extra copy of ${server.name} is for rehearsals only`)
    const {target, shell, attempt} = starter
    const planned = planCopy(starter, server, options, options.port ?? (await unusedPort(taken)))
    const instance = options.tellsMemory ? tellingMemory(planned, target) : planned
    await layOut({instance, twin: server, starter, signal: options.signal, oneByOne})
    const copy = serverOf(instance, server.name)
    let ended: Promise<void> | undefined
    const end = () => {
      ended ??= endCopy(instance, starter, options)
      return ended
    }
    try {
      await shell.run(target.startServer(instance, server.name))
      const {ready, detail} =
        options.waits === false
          ? {ready: false, detail: 'it was not waited for'}
          : await becomeReady({instance, server: copy, target, shell, signal: options.signal, attempt})
      return {...copy, ready, detail, ...lookingInto(instance, target, shell), [Symbol.asyncDispose]: end}
    } catch (thrown) {
      if (!options.signal.aborted) await end()
      throw thrown
    }
  }
}

// Its own folder, port and log; nothing of the twin is shared but the release.
function planCopy(
  {instance, fleet}: CopyStarter,
  {name, settings}: InstanceServer,
  {environment, withoutSecrets = []}: CopyOptions,
  port: number,
): Instance {
  const id = randomBytes(4).toString('hex')
  const planned = planInstance({
    fleet: {...fleet, servers: fleet.servers.filter(server => server.name === name)},
    release: readRelease(instance.releaseFolder),
    releaseFolder: instance.releaseFolder,
    name: instance.name,
    copy: id,
    ports: {ingress: instance.ingress.port, servers: {[name]: port}},
    folder: extraFolder(instance.folder, `${name}.${id}`),
  })
  const one = serverOf(planned, name)
  const copy: InstanceServer = {
    ...one,
    // The ingress of the twin knows nothing of it.
    through: one.endpoint,
    environment: {...one.environment, ...environment},
    secrets: one.secrets.filter(secret => !withoutSecrets.includes(secret)),
    // What is thrown away needs no time to end. Who burdens or breaks it watches it: an end that came from its limit of memory
    // would be taken for what was done to it.
    settings: {...one.settings, limits: {...settings.limits, stopSeconds: 0, memoryMegabytes: undefined}},
  }
  return {...planned, servers: [copy]}
}

function tellingMemory(instance: Instance, {disturb}: Target): Instance {
  if (disturb === undefined) return instance
  for (const {path, text, mode} of disturb.memory.files(instance)) writeAtomically(path, text, mode)
  const servers = instance.servers.map(server => ({
    ...server,
    // It is asked by the number that its processes have here, and answers into a folder that is not its own.
    settings: {...server.settings, isolation: {...server.settings.isolation, none: 'its memory is asked from outside'}},
    environment: {...server.environment, ...disturb.memory.environment(instance, server.name)},
  }))
  return {...instance, servers}
}

interface LayOut {
  instance: Instance
  twin: InstanceServer
  starter: CopyStarter
  signal: AbortSignal
  oneByOne: LimitConcurrency
}

// Described before anything starts, so that the clean-up finds it after a kill.
async function layOut({instance, twin, starter, signal, oneByOne}: LayOut): Promise<void> {
  const {target, shell, fleet} = starter
  const {name, state: from, settings} = twin
  const {state: to} = serverOf(instance, name)
  if (settings.state !== undefined && lstatIfThere(from) !== undefined) {
    const seconds = settings.state.pauseSeconds ?? usualPauseSeconds
    const hold = holdServer({instance: starter.instance, server: name, seconds, target, shell})
    await oneByOne(() => copyFolder({what: `state of ${name}`, from, to, hold, signal}))
  }
  await prepareInstance({
    instance,
    target,
    fleetFolder: fleet.folder,
    stateOf: undefined,
    shell,
    changes: unguarded,
    signal,
  })
  // Of this run alone, so that no lease is asked.
  await saveInstance(folderDocuments(fleet.root), instance)
}

function lookingInto(instance: Instance, target: Target, shell: Shell) {
  const {name} = onlyServer(instance)
  const able = (): Disturbance => {
    if (target.disturb !== undefined) return target.disturb
    throw new UserError(`target ${target.name} does not tell the processes of a copy`, 'rehearse on the local target')
  }
  return {
    status: async () => target.inspect.read(await shell.run(target.inspect.command(instance))).find(isServer(name)),
    processes: async () => able().processes.read(await shell.run(able().processes.command(instance, name))),
    memory: async () => able().memory.read(await shell.run(able().memory.command(instance, name))),
    signal: async (...[processes, signal, why]: Parameters<Disturbance['signal']>) => {
      await shell.run(able().signal(processes, signal, why))
    },
    fullDisk: async (...[processes, full]: Parameters<Disturbance['fullDisk']>) => {
      await shell.run(able().fullDisk(processes, full))
    },
  }
}

async function endCopy(instance: Instance, {target, shell}: CopyStarter, {port}: CopyOptions): Promise<void> {
  const {name, url, port: own} = onlyServer(instance)
  await shell.run(target.stopServer(instance, name))
  if (target.disturb !== undefined) await endStrays(name, lookingInto(instance, target, shell))
  const listening = async () =>
    (await tryTcp({host: new URL(url).hostname, port: own, timeoutMs: 1000})).transport === 'ok' ? [url] : []
  // A port that was given belongs to whoever gave it.
  if (port === undefined && (await lasting(listening)).length > 0)
    throw new UserError(`a copy of ${name} was stopped, but something still listens on ${url}`, 'find it and end it')
  removeTree(instance.folder)
}

// What left the process group is not found by stopping it.
async function endStrays(name: string, {processes, signal}: Pick<ServerCopy, 'processes' | 'signal'>): Promise<void> {
  const strays = await processes()
  if (strays.length === 0) return
  await signal(strays, 'KILL', `end what a copy of ${name} left behind`)
  const left = await lasting(processes)
  if (left.length > 0)
    throw new UserError(
      `a copy of ${name} was stopped, but ${left.length} of its processes still run: ${left.map(({pid}) => pid).join(', ')}`,
      'end them by hand',
    )
}

function onlyServer({servers: [server]}: Instance): InstanceServer {
  if (server === undefined) throw new Error('an extra copy is of one server')
  return server
}

const isServer =
  (name: string) =>
  (program: ProgramStatus): boolean =>
    program.name === name

// A port is free for a moment only, and two copies may be asked for at the same time.
async function unusedPort(taken: Set<number>): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1)
    if (taken.has(port)) continue
    taken.add(port)
    return port
  }
}
