// Makes a folder whole or not at all: in a temporary sibling that is renamed when it is complete.
import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, renameSync, rmSync, statfsSync, utimesSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {partialPrefix, removeAbandoned} from '../files/partialFolders.ts'

/**
 * `made` when `make` filled the folder, `there` when it was there already (then nothing is done). What `make` throws is
 * thrown on, with the temporary folder removed; a full disk becomes a `UserError`.
 */
export async function makeWhole(folder: string, make: (temporary: string) => Promise<void>): Promise<'made' | 'there'> {
  if (existsSync(folder)) return usedAgain(folder)
  const parent = dirname(folder)
  let temporary: string | undefined
  try {
    mkdirSync(parent, {recursive: true})
    removeAbandoned(parent)
    temporary = join(parent, `${partialPrefix()}${randomBytes(4).toString('hex')}`)
    mkdirSync(temporary)
    await make(temporary)
    return moveInto(temporary, folder)
  } catch (thrown) {
    throw spaceError(thrown, folder) ?? thrown
  } finally {
    if (temporary !== undefined) rmSync(temporary, {recursive: true, force: true})
  }
}

// What is used again is not old, also when it was made long ago.
function usedAgain(folder: string): 'there' {
  try {
    const now = new Date()
    utimesSync(folder, now, now)
  } catch {
    // It is somebody else's, who tidies it as well.
  }
  return 'there'
}

// Another run may have made the same in the meantime; equal inputs make it equal, so that one stays.
function moveInto(temporary: string, folder: string): 'made' | 'there' {
  try {
    renameSync(temporary, folder)
    return 'made'
  } catch (thrown) {
    if (existsSync(folder)) return 'there'
    throw thrown
  }
}

/** A `UserError` for what a full disk makes the file system say; undefined for anything else. */
function spaceError(thrown: unknown, folder: string): UserError | undefined {
  const {code} = thrown as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined
  return new UserError(
    `${basename(folder)}: the disk is full: ${freeMegabytes(dirname(folder))} MB are left for ${dirname(folder)}; nothing half-made was kept`,
    'make room on that disk, or name another one, then run it again',
    {cause: thrown},
  )
}

function freeMegabytes(folder: string): number {
  if (!existsSync(folder)) return 0
  const {bavail, bsize} = statfsSync(folder)
  return Math.floor((bavail * bsize) / 1e6)
}
