// Removes what a killed restore left without its plan, but for state that it had replaced, which may be the only copy.
import {mkdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {entriesIfThere, lstatIfThere} from '../files/ifThere.ts'
import {previousName, restoreFolder} from './restorePlaces.ts'

/** Gives the folder in `set-aside/` that has what was replaced; undefined when nothing was. */
export function clearRestore(root: string): string | undefined {
  const folder = restoreFolder(root)
  const replaced = join(folder, previousName)
  const isFolder = lstatIfThere(folder)?.isDirectory() === true
  const kept = isFolder && holdsFiles(replaced) ? freeName(join(root, 'set-aside')) : undefined
  if (kept !== undefined) {
    mkdirSync(join(root, 'set-aside'), {recursive: true})
    renameSync(replaced, kept)
  }
  rmSync(folder, {recursive: true, force: true})
  return kept
}

function holdsFiles(folder: string): boolean {
  if (lstatIfThere(folder)?.isDirectory() !== true) return false
  return entriesIfThere(folder).some(entry => !entry.isDirectory() || holdsFiles(join(folder, entry.name)))
}

// The end of the next restore removes it, as it does what that one replaced before.
function freeName(folder: string): string {
  for (let count = 1; ; count++) {
    const path = join(folder, `restore-left-${count}`)
    if (lstatIfThere(path) === undefined) return path
  }
}
