// Extracts a backup beside what is there, checks all of it, and plans the restore; nothing that is live is touched.
import {mkdirSync, rmSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {UserError} from '../userError.ts'
import {folderSink} from './folderSink.ts'
import type {Manifest} from './manifest.ts'
import {planMoves, stateFolder} from './planMoves.ts'
import {type ReadBackup, readArchive} from './readArchive.ts'
import {type Part, type RestorePlan, readRestore, restoreFolder, type StateChange, saveRestore} from './restorePlan.ts'
import {stateChange} from './stateChange.ts'
import {spaceError} from './workFolder.ts'

export interface StageRestore {
  file: string
  /** Root of the environment, which may be empty. */
  root: string
  /** Another fleet's or environment's backup is refused. */
  fleet: string
  environment: string
  /** All when absent. */
  parts?: readonly Part[]
  signal: AbortSignal
}

const allParts: readonly Part[] = ['pointer', 'records', 'instance', 'code', 'state']

/**
 * The plan is in `restore.json` of the root when this returns; `applyRestore`, `undoRestore` and `endRestore` go on from
 * it. Throws an `ArchiveFault` for a backup that is not whole and a `UserError` for all else; then nothing stays.
 */
export async function stageRestore(options: StageRestore): Promise<RestorePlan> {
  const {root, signal, parts = allParts} = options
  const file = resolve(options.file)
  const unfinished = readRestore(root)
  if (unfinished !== undefined)
    throw new UserError(
      `${root}: a restore from ${unfinished.file} was begun and has not ended`,
      'pnpm rollback ends it',
    )
  const folder = restoreFolder(root)
  try {
    // What a killed run left before it had a plan: nothing was moved yet.
    rmSync(folder, {recursive: true, force: true})
    const {manifest, sha256} = await extract(file, join(folder, 'staged'), signal)
    refuseOther(file, manifest, options)
    const servers: StateChange[] = []
    for (const server of Object.keys(manifest.state))
      servers.push(await stateChange({manifest, server, folder: stateFolder(root, server), signal}))
    const differing = new Set(servers.filter(one => one.added + one.removed + one.changed > 0).map(one => one.server))
    const {moves, notes} = planMoves({manifest, root, folder, parts: new Set(parts), differing})
    const {fleet, environment, release, at} = manifest
    const plan = {file, sha256, fleet, environment, release, at, folder, moves, servers, notes}
    saveRestore(root, plan)
    return plan
  } catch (thrown) {
    rmSync(folder, {recursive: true, force: true})
    throw spaceError(thrown, root) ?? thrown
  }
}

async function extract(file: string, to: string, signal: AbortSignal): Promise<ReadBackup> {
  mkdirSync(to, {recursive: true, mode: 0o700})
  const sink = folderSink(to)
  try {
    const read = await readArchive({file, signal, sink})
    sink.finish()
    return read
  } finally {
    sink.close()
  }
}

function refuseOther(file: string, manifest: Manifest, {fleet, environment}: StageRestore): void {
  if (manifest.fleet === fleet && manifest.environment === environment) return
  throw new UserError(
    `${basename(file)}: should be a backup of ${fleet} ${environment}, is one of ${manifest.fleet} ${manifest.environment}`,
    'name another file, or the environment with --env',
  )
}
