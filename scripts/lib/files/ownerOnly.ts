// Keeps what an environment and its runs write from other users of the machine, whatever umask the caller has.
import {chmodSync, statSync} from 'node:fs'

const others = 0o077
const othersWrite = 0o022
const sticky = 0o1000

/** From here on this process, and whatever it starts, makes files for its own user alone. */
export function restrictNewFiles(): void {
  process.umask(others)
}

/**
 * Closes a folder of ours that others can read, as earlier versions left it. One that others can write stays as it is, since
 * they may have changed what is in it: preflight refuses it, so that a person looks first.
 */
export function closeToOthers(folder: string): void {
  const {mode, uid} = statSync(folder)
  if ((mode & others) === 0 || uid !== process.getuid?.() || othersCanWrite(folder)) return
  chmodSync(folder, mode & 0o7700)
}

/**
 * Whether another user may add, replace or remove entries of a folder. Of one with the sticky bit, such as /tmp, nobody can
 * replace what is ours; a group with the number of its user has nobody else in it by the custom of most systems.
 */
export function othersCanWrite(folder: string): boolean {
  const {mode, uid, gid} = statSync(folder)
  if ((mode & sticky) !== 0) return false
  return (mode & 0o002) !== 0 || ((mode & othersWrite) !== 0 && gid !== uid)
}
