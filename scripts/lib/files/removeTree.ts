// Removes a folder and all that is below it, also where a program made folders in it from which nothing may be removed.
import {chmodSync, lstatSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {nameOf, pathOf} from './byteName.ts'

const everything = {recursive: true, force: true} as const
const own = 0o700

/** Nothing happens where nothing is. Names may be of any bytes. Throws what the file system says. */
export function removeTree(path: string): void {
  try {
    rmSync(path, everything)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    makeRemovable(path)
    rmSync(path, everything)
  }
}

/** Gives the user of this process every right on each folder of its own; links are not followed. */
export function makeRemovable(path: string): void {
  const stats = lstatSync(pathOf(path))
  if (!stats.isDirectory()) return
  if ((stats.mode & own) !== own) chmodSync(pathOf(path), (stats.mode & 0o7777) | own)
  for (const name of readdirSync(pathOf(path), {encoding: 'buffer'})) makeRemovable(join(path, nameOf(name)))
}
