// Finds the backup to be read: the named one, or the newest that an environment has.
import {existsSync, readdirSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {UserError} from '../userError.ts'
import {isThere, readIndex} from './backupIndex.ts'

export interface FindBackup {
  root: string
  /** Where the environment's backups lie. */
  folder: string
  /** A path, the name of a backup in `folder` or its beginning, or `latest`; the newest when absent. */
  named: string | undefined
}

export interface FoundBackup {
  file: string
  /** Where the index knows it. */
  sha256: string | undefined
}

const listedAtMost = 5

/** Throws a `UserError` when there is no backup, or a name means several. */
export function findBackup({root, folder, named}: FindBackup): FoundBackup {
  const index = readIndex(root)
  const known = (file: string): FoundBackup => ({file, sha256: index.find(({path}) => path === file)?.sha256})
  if (named !== undefined && named !== 'latest') return known(fileOf(named, folder))
  // The order in which they were made counts, not their times: a clock may have been set back.
  const newest = index.findLast(isThere)
  if (newest !== undefined) return {file: newest.path, sha256: newest.sha256}
  const name = archives(folder).at(-1)
  if (name === undefined)
    throw new UserError(`${folder}: there is no backup yet`, 'pnpm backup makes one of what is live')
  return known(join(folder, name))
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

function archives(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => /^\d{8}-\d{6}-\d{3}-[0-9a-f]{12}\.tar\.gz(\.age)?$/.test(name))
      .sort()
  } catch {
    return []
  }
}
