// Whether a path that was read from a file lies where it should, links on the way followed.
import {realpathSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {isAbsent} from './ifThere.ts'

/** By where links lead, on the way to both. What is not there yet lies where its nearest folder does. */
export function isBelow(folder: string, path: string): boolean {
  return resolve(path) === path && realPath(path)?.startsWith(`${realPath(folder)}/`) === true
}

/** Whether both are the same place. */
export function isSamePlace(one: string, other: string): boolean {
  return one === other || (resolve(other) === other && realPath(one) === realPath(other))
}

/**
 * Where a path leads; what is not there yet lies where its nearest folder does. Undefined where there is no way to it: by a
 * file, in a circle, or by a name that no file can have.
 */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (noWay.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    if (!isAbsent(error)) throw error
    const above = realPath(dirname(path))
    return above === undefined ? undefined : join(above, basename(path))
  }
}

const noWay = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])
