// Removes a folder so that a kill in the middle leaves none that looks whole, and tells the bytes that became free.
import {lstatSync, readdirSync, renameSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {nameOf, pathOf} from '../files/byteName.ts'
import {partialPrefix} from '../files/partialFolders.ts'
import {makeRemovable, removeTree} from '../files/removeTree.ts'

/** Throws what the file system says. What has another name elsewhere, as files of releases have, frees nothing. */
export function removeFolder(path: string): {bytes: number} {
  // By a name that says that it is nothing: whoever removes it next, after a kill, needs to know no more.
  const going = join(dirname(path), `${partialPrefix()}${basename(path)}`)
  renameSync(path, going)
  makeRemovable(going)
  const bytes = bytesBelow(going)
  removeTree(going)
  return {bytes}
}

// Names may be of any bytes, since servers write there too.
function bytesBelow(path: string): number {
  const stats = lstatSync(pathOf(path))
  if (!stats.isDirectory()) return stats.nlink === 1 ? stats.size : 0
  const names = readdirSync(pathOf(path), {encoding: 'buffer'}).map(nameOf)
  return names.reduce((sum, name) => sum + bytesBelow(join(path, name)), 0)
}
