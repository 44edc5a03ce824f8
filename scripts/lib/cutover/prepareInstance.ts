// Lays out an instance on the disk before anything of it starts: folders, files, and the state it begins with.
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Changes} from '../changes.ts'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import type {RenderedFile, Target} from '../target.ts'

export interface PrepareInstance {
  instance: Instance
  target: Target
  /** Folder of the fleet file, for seeds. */
  fleetFolder: string
  /** Folder of the state that a rehearsal copies; undefined when there is none. */
  liveState: string | undefined
  changes: Changes
}

/** State that is there already stays as it is. */
export function prepareInstance({instance, target, fleetFolder, liveState, changes}: PrepareInstance): void {
  for (const folder of target.folders(instance)) mkdirSync(folder, {recursive: true})
  for (const file of target.files(instance)) if (!isThere(file)) changes.write(file.path, file.text, file.mode)
  for (const server of instance.servers) fillState(server, fleetFolder, liveState)
}

// To write a file costs two waits for the disk, and most are the same for every release.
function isThere({path, text, mode}: RenderedFile): boolean {
  try {
    return (statSync(path).mode & 0o777) === mode && readFileSync(path, 'utf8') === text
  } catch {
    return false
  }
}

// A rehearsal works on a copy, so that nothing it does can be seen in the live state.
function fillState(server: InstanceServer, fleetFolder: string, liveState: string | undefined): void {
  const {state} = server.settings
  if (state === undefined || readdirSync(server.state).length > 0) return
  const live = liveState === undefined ? undefined : join(liveState, server.name)
  if (live !== undefined && existsSync(live)) {
    if (state.rehearsal === 'copy') copyWhole(live, server.state)
  } else if (state.seed !== undefined) copyWhole(resolve(fleetFolder, state.seed), server.state)
}

// Half a copy would look like state that is there already, so it gets its name when it is complete.
function copyWhole(from: string, to: string): void {
  const temporary = `${to}.partial`
  rmSync(temporary, {recursive: true, force: true})
  cpSync(from, temporary, {recursive: true, preserveTimestamps: true})
  renameSync(temporary, to)
}
