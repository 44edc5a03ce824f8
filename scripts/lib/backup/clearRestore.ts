// Removes what a killed restore left without its plan, but for state that it had replaced, which may be the only copy.
import {mkdirSync, readdirSync, renameSync} from 'node:fs'
import {join} from 'node:path'
import {nameOf, pathOf} from '../files/byteName.ts'
import {ifThere, lstatIfThere} from '../files/ifThere.ts'
import {removeTree} from '../files/removeTree.ts'
import {previousName, restoreFolder} from './restorePlaces.ts'

/** Gives the folder in `set-aside/` that has what was replaced; undefined when nothing was. */
export function clearRestore(root: string): string | undefined {
  const folder = restoreFolder(root)
  const replaced = join(folder, previousName)
  const isFolder = (path: string) => lstatIfThere(path)?.isDirectory() === true
  const kept =
    isFolder(folder) && isFolder(replaced) && holdsFiles(replaced) ? freeName(join(root, 'set-aside')) : undefined
  if (kept !== undefined) {
    mkdirSync(join(root, 'set-aside'), {recursive: true})
    renameSync(replaced, kept)
  }
  removeTree(folder)
  return kept
}

// Names may be of any bytes: it is the state of servers.
function holdsFiles(folder: string): boolean {
  const entries = ifThere(() => readdirSync(pathOf(folder), {encoding: 'buffer', withFileTypes: true})) ?? []
  return entries.some(entry => !entry.isDirectory() || holdsFiles(join(folder, nameOf(entry.name))))
}

// The end of the next restore removes it, as it does what that one replaced before.
function freeName(folder: string): string {
  for (let count = 1; ; count++) {
    const path = join(folder, `restore-left-${count}`)
    if (lstatIfThere(path) === undefined) return path
  }
}
