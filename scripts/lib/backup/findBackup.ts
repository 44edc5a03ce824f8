// Finds the backup to be read: the named one, or the newest of a state that nobody was about to replace.

import {existsSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {namesIfThere} from '../files/ifThere.ts'
import type {Documents} from '../records/documents.ts'
import {type IndexedBackup, isBeforeRestore, isThere, readIndex} from './backupIndex.ts'

export interface FindBackup {
  documents: Documents
  /** Where the environment's backups lie. */
  folder: string
  /** A path, the name of a backup in `folder` or its beginning, or `latest`, which is also meant when absent. */
  named: string | undefined
}

export interface FoundBackup {
  file: string
  /** Where the index knows it. */
  sha256: string | undefined
}

const listedAtMost = 5

/** Throws a `UserError` when there is no backup, or a name means several. */
export async function findBackup({documents, folder, named}: FindBackup): Promise<FoundBackup> {
  const index = await readIndex(documents)
  const known = (file: string): FoundBackup => ({file, sha256: index.find(({path}) => path === file)?.sha256})
  if (named !== undefined && named !== 'latest') return known(fileOf(named, folder))
  const newest = latestOf(index)
  if (newest !== undefined) return {file: newest.path, sha256: newest.sha256}
  const names = archives(folder)
  const name = names.findLast(one => !isBeforeRestore({path: one}))
  if (name !== undefined) return known(join(folder, name))
  throw names.length === 0
    ? new UserError(`${folder}: there is no backup yet`, 'pnpm backup makes one of what is live')
    : new UserError(
        `${folder}: each backup here was made by a restore, of what that restore replaced, so none is taken by itself`,
        `pnpm backups lists them; pnpm rollback --from-backup ${names.at(-1)} goes back to the newest`,
      )
}

/**
 * The one that `latest` means. What a restore replaced may be broken, so a copy of it is taken by its name alone: the same
 * command twice goes to the same backup.
 */
export function latestOf(index: readonly IndexedBackup[]): IndexedBackup | undefined {
  // The order in which they were made counts, not their times: a clock may have been set back.
  return index.findLast(backup => isThere(backup) && !isBeforeRestore(backup))
}

function fileOf(named: string, folder: string): string {
  const path = resolve(named)
  const names = archives(folder)
  if (existsSync(path) || basename(named) !== named) return path
  const meant = names.filter(name => name.startsWith(named))
  const [one, ...others] = meant
  if (one !== undefined && others.length === 0) return join(folder, one)
  const newest = (meant.length > 0 ? meant : names).slice(-listedAtMost).join(', ')
  // A word that begins no name is taken for a path, as long as there is nothing to choose from.
  if (names.length === 0) return path
  throw new UserError(
    `${named}: ${meant.length === 0 ? 'is no file and begins the name of no backup' : `begins the names of ${meant.length} backups`}`,
    `the newest here: ${newest}`,
  )
}

/** Names of the backups in a folder, oldest first. */
export function archives(folder: string): string[] {
  return namesIfThere(folder)
    .filter(name => /^\d{8}-\d{6}-\d{3}-[0-9a-f]{12}(\.before-restore)?\.tar\.gz(\.age)?$/.test(name))
    .sort()
}
