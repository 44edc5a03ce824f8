// Finds the backup to be read: the named one, or the newest that an environment has.
import {readdirSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {UserError} from '../userError.ts'
import {isThere, readIndex} from './backupIndex.ts'

export interface FindBackup {
  root: string
  /** Where the environment's backups lie. */
  folder: string
  /** A path; the newest when absent. */
  named: string | undefined
}

/** `sha256` where the index knows it. Throws a `UserError` when there is no backup. */
export function findBackup({root, folder, named}: FindBackup): {file: string; sha256: string | undefined} {
  const index = readIndex(root)
  if (named !== undefined) {
    const file = resolve(named)
    return {file, sha256: index.find(({path}) => path === file)?.sha256}
  }
  // The order in which they were made counts, not their times: a clock may have been set back.
  const newest = index.findLast(isThere)
  if (newest !== undefined) return {file: newest.path, sha256: newest.sha256}
  const name = archives(folder).at(-1)
  if (name === undefined)
    throw new UserError(`${folder}: there is no backup yet`, 'pnpm backup makes one of what is live')
  return {file: join(folder, name), sha256: undefined}
}

function archives(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => /^\d{8}-\d{6}-\d{3}-[0-9a-f]{12}\.tar\.gz$/.test(name))
      .sort()
  } catch {
    return []
  }
}
