// A folder for half-made things beside the place where they will be, gone when the work is over, also after a kill.
import {randomBytes} from 'node:crypto'
import {mkdirSync, statfsSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {partialPrefix, removeAbandoned} from '../files/partialFolders.ts'
import {removeTree} from '../files/removeTree.ts'

/**
 * Folders that killed processes left in `parent` are removed first; a full disk becomes a `UserError` that says how
 * much is left, after the folder was removed.
 */
export async function inWorkFolder<Result>(parent: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = join(parent, `${partialPrefix()}${randomBytes(4).toString('hex')}`)
  try {
    mkdirSync(parent, {recursive: true})
    removeAbandoned(parent)
    mkdirSync(folder, {mode: 0o700})
    return await work(folder)
  } catch (thrown) {
    removeTree(folder)
    throw spaceError(thrown, parent) ?? thrown
  } finally {
    removeTree(folder)
  }
}

/** A `UserError` for what a full disk makes the file system say; undefined for anything else. */
export function spaceError(thrown: unknown, folder: string): UserError | undefined {
  const {code} = thrown as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined
  const {bavail, bsize} = statfsSync(folder)
  return new UserError(
    `${folder}: the disk is full: ${Math.floor((bavail * bsize) / 1e6)} MB are left there; nothing half-made was kept`,
    'make room on that disk, then run it again; live was not touched',
    {cause: thrown},
  )
}
