// The folder of a lease from which everything that is written under it is moved to its place. Whoever takes the lease over takes
// the folder away first, so that a move which comes late fails: a program that was stopped in the middle of a write changes
// nothing any more, however late it goes on.
import {mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'

const prefix = 'lock.writes-'
const ended = '.ended'

/** In the environment's root, since a name is moved in one go only within one file system. */
export function fencePath(root: string, token: number): string {
  return join(root, `${prefix}${token}`)
}

/** From here on only the holder of `token` can write. */
export function raiseFence(root: string, token: number): void {
  mkdirSync(fencePath(root, token), {recursive: true})
  endFences(root, name => name !== `${prefix}${token}`)
}

/** Nothing is written under that lease any more. */
export function endFence(root: string, token: number): void {
  endFences(root, name => name === `${prefix}${token}`)
}

function endFences(root: string, isDue: (name: string) => boolean): void {
  for (const name of readdirSync(root).filter(name => name.startsWith(prefix) && isDue(name))) {
    const gone = name.endsWith(ended) ? name : `${name}${ended}`
    // Moved away first: a folder into which somebody still writes is not removed in one go.
    if (gone !== name) moveAway(join(root, name), join(root, gone))
    rmSync(join(root, gone), {recursive: true, force: true})
  }
}

function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    // Its own holder gave it back at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
