// Extracts a backup beside what is there, checks all of it, and plans the restore; nothing that is live is touched.
import {mkdirSync, statfsSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import {removeTree} from '../files/removeTree.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {clipped, oneLine} from '../text/foreignText.ts'
import {otherBackup} from './archiveFault.ts'
import type {BackupKey} from './backupKey.ts'
import {clearRestore} from './clearRestore.ts'
import {folderSink} from './folderSink.ts'
import {type Manifest, manifestName} from './manifest.ts'
import {planMoves, stateFolder} from './planMoves.ts'
import {type ReadBackup, readArchive} from './readArchive.ts'
import {readManifest} from './readManifest.ts'
import {restoreFolder} from './restorePlaces.ts'
import {type Part, type RestorePlan, readRestore, type StateChange, saveRestore} from './restorePlan.ts'
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
  /** Only the state of these; of all when absent. */
  servers?: readonly string[]
  /** Digest that the archive had when it was made, where that is known. */
  sha256?: string
  /** Opens the backup if it is encrypted. */
  key?: BackupKey
  signal: AbortSignal
}

/** The manifest of the backup from which a restore is under way. */
export function readStagedManifest({folder}: Pick<RestorePlan, 'folder'>): Manifest {
  const path = join(folder, manifestName)
  const read = readManifest(readIfThere(path) ?? '')
  if (typeof read !== 'string') return read
  throw new UserError(`${path}: ${read}`, 'check the disk; pnpm rollback puts back what was there before')
}

/** A file of the backup as it lies beside live, such as `releases/<digest>/release.json`; undefined when it has none. */
export function readStaged({folder}: Pick<RestorePlan, 'folder'>, path: string): string | undefined {
  return readIfThere(join(folder, 'staged', path))
}

const allParts: readonly Part[] = ['pointer', 'records', 'instance', 'code', 'state']

/**
 * The plan is in `restore.json` of the root when this returns; `applyRestore`, `undoRestore` and `endRestore` go on from
 * it. Throws an `ArchiveFault` for a backup that is not whole and a `UserError` for all else; then nothing stays.
 */
export async function stageRestore(options: StageRestore): Promise<RestorePlan> {
  const {root, signal, parts = allParts, sha256: known} = options
  const file = resolve(options.file)
  const unfinished = readRestore(root)
  if (unfinished !== undefined)
    throw new UserError(
      `${root}: a restore from ${unfinished.file} was begun and has not ended`,
      'pnpm resume recovers it',
    )
  const folder = restoreFolder(root)
  // What a killed run left before it had a plan, or after it had ended. Where it cannot be cleared nothing of it is removed: it
  // may hold the only copy of what that run replaced.
  clearRestore(root)
  try {
    const {manifest, sha256, bytes} = await extract(file, join(folder, 'staged'), options)
    if (known !== undefined && known !== sha256)
      throw new UserError(
        `${file}: its entries are whole, but the archive is not the one that was made here: other digest`,
        otherBackup,
      )
    writeAtomically(join(folder, manifestName), JSON.stringify(manifest))
    const servers: StateChange[] = []
    for (const server of Object.keys(manifest.state).filter(name => options.servers?.includes(name) ?? true))
      servers.push(await stateChange({manifest, server, folder: stateFolder(root, server), signal}))
    const differing = new Set(servers.filter(one => one.added + one.removed + one.changed > 0).map(one => one.server))
    const {moves, notes} = planMoves({manifest, root, parts: new Set(parts), differing})
    const {fleet, environment, release, at} = manifest
    const plan = {file, sha256, bytes, fleet, environment, release, at, folder, moves, servers, notes}
    saveRestore(root, plan)
    return plan
  } catch (thrown) {
    removeTree(folder)
    throw spaceError(thrown, root) ?? thrown
  }
}

async function extract(file: string, to: string, options: StageRestore): Promise<ReadBackup> {
  mkdirSync(to, {recursive: true, mode: 0o700})
  const sink = folderSink(to)
  try {
    // Told before anything is written: another environment's backup, and too little room.
    const onManifest = (manifest: Manifest) => {
      refuseOther(file, manifest, options)
      refuseWithoutState(file, manifest, options.servers ?? [])
      refuseWithoutRoom(manifest, to)
    }
    const read = await readArchive({file, key: options.key, signal: options.signal, sink, onManifest})
    sink.finish()
    return read
  } catch (thrown) {
    throw unwritable(thrown, file, to) ?? thrown
  } finally {
    sink.close()
  }
}

/** A `UserError` for what this file system does not take, such as a name that is too long below this root. */
function unwritable(thrown: unknown, file: string, to: string): UserError | undefined {
  const {code, path, syscall} = thrown as NodeJS.ErrnoException
  if (syscall === undefined || code === 'ENOSPC' || code === 'EDQUOT') return undefined
  const entry = path?.startsWith(to) ? path.slice(to.length + 1) : 'an entry'
  return new UserError(
    `${file}: ${clipped(oneLine(entry), shownAtMost)} cannot be written below ${to}: ${code}`,
    'use another backup, or a file system that takes such names; nothing was changed',
    {cause: thrown},
  )
}

const shownAtMost = 200

// Blocks and folders take some room beside what is in the files.
const roomFactor = 1.05

function refuseWithoutRoom({entries}: Manifest, folder: string): void {
  const bytes = entries.reduce(
    (sum, entry) => sum + (entry.kind === 'file' ? (entry.storedBytes ?? entry.bytes) : 0),
    0,
  )
  const {bavail, bsize} = statfsSync(folder)
  if (bavail * bsize >= bytes * roomFactor) return
  throw new UserError(
    `${folder}: the disk is full: the restore needs ${Math.ceil((bytes * roomFactor) / 1e6)} MB, ${Math.floor((bavail * bsize) / 1e6)} MB are left there`,
    'make room on that disk, then run it again; live was not touched',
  )
}

function refuseWithoutState(file: string, {state}: Manifest, servers: readonly string[]): void {
  const missing = servers.filter(server => state[server] === undefined)
  if (missing.length === 0) return
  const has = Object.keys(state).join(', ') || 'no server'
  throw new UserError(
    `--server: ${basename(file)} has no state of ${missing.join(', ')}`,
    `it has state of ${has}; pnpm backups shows what others have`,
  )
}

function refuseOther(file: string, manifest: Manifest, {fleet, environment}: StageRestore): void {
  if (manifest.fleet === fleet && manifest.environment === environment) return
  throw new UserError(
    `${basename(file)}: should be a backup of ${fleet} ${environment}, is one of ${manifest.fleet} ${manifest.environment}`,
    'name another file, or the environment with --env',
  )
}
