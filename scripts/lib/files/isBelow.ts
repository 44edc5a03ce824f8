// Whether a path that was read from a file lies where it should, links on the way followed.
import {realpathSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {ifThere} from './ifThere.ts'

/** Also when one of them is written by way of a link. What is not there yet lies where its nearest folder does. */
export function isBelow(folder: string, path: string): boolean {
  return resolve(path) === path && (startsIn(folder, path) || startsIn(realPath(folder), realPath(path)))
}

/** Whether both are the same place. */
export function isSamePlace(one: string, other: string): boolean {
  return one === other || (resolve(other) === other && realPath(one) === realPath(other))
}

function startsIn(folder: string, path: string): boolean {
  return path.startsWith(`${resolve(folder)}/`)
}

function realPath(path: string): string {
  const real = ifThere(() => realpathSync(path))
  if (real !== undefined) return real
  const above = dirname(path)
  return above === path ? path : join(realPath(above), basename(path))
}
