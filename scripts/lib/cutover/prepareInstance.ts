// Lays out an instance on the disk before anything of it starts: folders, files, and the state it begins with.
import {mkdirSync, readdirSync, readFileSync, realpathSync, statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {Changes} from '../files/changes.ts'
import {ifThere, lstatIfThere} from '../files/ifThere.ts'
import {copyFolder} from '../state/copyFolder.ts'
import {holdServer, usualPauseSeconds} from '../state/holdServer.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {RenderedFile, Target} from '../target/target.ts'

export interface PrepareInstance {
  instance: Instance
  target: Target
  /** Folder of the fleet file, for seeds. */
  fleetFolder: string
  /** The instance whose state a rehearsal copies; undefined when there is none. */
  stateOf: Instance | undefined
  /** Holds a server of that instance still where its state does not hold still by itself. */
  shell: Shell
  changes: Changes
  signal: AbortSignal
}

/** State that is there already stays as it is. Throws a `UserError` for state that cannot be copied as it is. */
export async function prepareInstance(options: PrepareInstance): Promise<void> {
  const {instance, target, changes} = options
  for (const folder of target.folders(instance)) mkdirSync(folder, {recursive: true})
  for (const file of target.files(instance)) if (!isThere(file)) changes.write(file.path, file.text, file.mode)
  for (const server of instance.servers) await fillState(server, options)
}

// To write a file costs two waits for the disk, and most are the same for every release.
function isThere({path, text, mode}: RenderedFile): boolean {
  try {
    return (statSync(path).mode & 0o777) === mode && readFileSync(path, 'utf8') === text
  } catch {
    // What cannot be read is written again, and that says what is wrong.
    return false
  }
}

// A rehearsal works on a copy, so that nothing it does can be seen in the live state.
async function fillState(server: InstanceServer, options: PrepareInstance): Promise<void> {
  const {name, settings} = server
  const {state} = settings
  if (state === undefined || readdirSync(server.state).length > 0) return
  const {fleetFolder, stateOf, target, shell, signal} = options
  const live = stateOf === undefined ? undefined : join(stateOf.folder, 'state', name)
  if (stateOf !== undefined && live !== undefined && lstatIfThere(live) !== undefined) {
    if (state.rehearsal !== 'copy') return
    // A server that is not enabled has state of earlier days, and nothing that writes to it.
    const runs = stateOf.servers.some(one => one.name === name)
    const seconds = state.pauseSeconds ?? usualPauseSeconds
    const hold = runs ? holdServer({instance: stateOf, server: name, seconds, target, shell}) : undefined
    await copyFolder({what: `state of ${name}`, from: live, to: server.state, hold, signal})
  } else if (state.seed !== undefined) {
    const from = seedFolder(resolve(fleetFolder, state.seed), name)
    await copyFolder({what: `seed of ${name}`, from, to: server.state, signal})
  }
}

// The checkout may link to it; what is in it counts.
function seedFolder(path: string, server: string): string {
  const real = ifThere(() => realpathSync(path))
  if (real !== undefined && statSync(real).isDirectory()) return real
  throw new UserError(
    `servers.${server}.state.seed: ${path} should be a folder, ${real === undefined ? 'it does not exist' : 'it is none'}`,
    'make that folder, or take the seed out of the fleet file',
  )
}
