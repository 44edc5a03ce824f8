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
 * Whether a folder belongs to another user than root and `us`, who can then change what is in it. Root works in folders of
 * others, as in a container or with sudo, so root trusts every owner.
 */
export function belongsToAnother(folder: string, us = process.getuid?.()): boolean {
  const {uid} = statSync(folder)
  return us !== 0 && uid !== 0 && uid !== us
}

/**
 * Whether the mode of a folder lets other users than its owner add, replace or remove entries. Of one with the sticky bit,
 * such as /tmp, nobody can replace what is ours; a group with the number of its user has nobody else in it by the custom of
 * most systems.
 */
export function othersCanWrite(folder: string): boolean {
  const {mode, uid, gid} = statSync(folder)
  if ((mode & sticky) !== 0) return false
  return (mode & 0o002) !== 0 || ((mode & othersWrite) !== 0 && gid !== uid)
}
