// Where a restore keeps what it moves, and between which places a name below the root changes hands.
import {join} from 'node:path'

/** What a restore is to do, while it is under way. */
export function planPath(root: string): string {
  return join(root, 'restore.json')
}

/** Where a restore keeps its files: below the root, since a rename must not leave the file system. */
export function restoreFolder(root: string): string {
  return join(root, 'restore')
}

/** Folder of a restore that takes what was there before. */
export const previousName = 'previous'

/** `staged` is what a backup has of a name below the root, and `previous` takes what is there now. */
export function placesOf(root: string, below: string): {target: string; staged: string; previous: string} {
  const folder = restoreFolder(root)
  return {
    target: join(root, below),
    staged: join(folder, 'staged', 'environment', below),
    previous: join(folder, previousName, below),
  }
}

/** Where the state of a server of live lies below a root. */
export function stateBelow(server: string): string {
  return `instances/live/state/${server}`
}
