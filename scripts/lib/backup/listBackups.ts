// The backups of an environment as data: what the index knows of each, and whether its file is still what was made.

import {statSync} from 'node:fs'
import {hostname} from 'node:os'
import {basename, join} from 'node:path'
import type {Documents} from '../records/documents.ts'
import {type BackupReason, type IndexedBackup, isBeforeRestore, readIndex} from './backupIndex.ts'
import {archives, latestOf} from './findBackup.ts'

export interface ListedBackup {
  /** The name of its file, whose beginning `--from-backup` takes. */
  name: string
  path: string
  /** Undefined where an earlier version made it, or the index does not know it. */
  reason: BackupReason | undefined
  /** Size of its file; undefined where it cannot be seen. */
  bytes: number | undefined
  /** At least the beginning of the digest. */
  release: string
  /** Servers whose state is in it; undefined where that is only in the archive. */
  servers: string[] | undefined
  encrypted: boolean
  /**
   * `whole`: it was read back when it was made, and has the same size. `unread`: nobody here has read it back as it is.
   * `gone` and `damaged`: its file is not there, or has another size. `elsewhere`: it is on another host.
   */
  state: 'whole' | 'unread' | 'gone' | 'damaged' | 'elsewhere'
  /** Whether `latest` means it. */
  isLatest: boolean
}

/** Newest first; those that only the folder knows come last. Nothing is read but the index and the sizes. */
export async function listBackups({
  documents,
  folder,
}: {
  documents: Documents
  folder: string
}): Promise<ListedBackup[]> {
  const index = await readIndex(documents)
  const latest = latestOf(index)
  const unknown = archives(folder).filter(name => index.every(({path}) => path !== join(folder, name)))
  const files = unknown.map(name => ofFile(join(folder, name)))
  const byName = latest === undefined ? files.findLast(({path}) => !isBeforeRestore({path})) : undefined
  return [
    ...index.map(backup => ({...ofIndex(backup), isLatest: backup === latest})).toReversed(),
    ...files.map(file => ({...file, isLatest: file === byName})).toReversed(),
  ]
}

function ofIndex(backup: IndexedBackup): ListedBackup {
  const {path, host, release, servers, readBack} = backup
  const bytes = host === hostname() ? sizeOf(path) : undefined
  return {
    ...named(path),
    reason: backup.reason ?? (isBeforeRestore(backup) ? 'restore' : undefined),
    bytes,
    release,
    servers,
    state: host === hostname() ? stateOf(backup, bytes, readBack) : 'elsewhere',
  }
}

function stateOf({bytes: made}: IndexedBackup, bytes: number | undefined, readBack: IndexedBackup['readBack']) {
  if (bytes === undefined) return 'gone'
  if (bytes !== made) return 'damaged'
  return readBack === 'before encryption' ? 'unread' : 'whole'
}

function ofFile(path: string): ListedBackup {
  const release = /-([0-9a-f]{12})\./.exec(basename(path))?.[1] ?? ''
  const reason = isBeforeRestore({path}) ? 'restore' : undefined
  return {...named(path), reason, bytes: sizeOf(path), release, servers: undefined, state: 'unread'}
}

function named(path: string) {
  return {name: basename(path), path, encrypted: path.endsWith('.age'), isLatest: false}
}

function sizeOf(path: string): number | undefined {
  return statSync(path, {throwIfNoEntry: false})?.size
}
