// The index of an environment's backups, kept in its root, oldest first in the order in which they were made.
import {readFileSync, statSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'

/** One backup, which was read back before it came into the index. */
export interface IndexedBackup {
  /** Absolute, on `host`. */
  path: string
  host: string
  release: string
  run: string
  /** ISO 8601, UTC. */
  at: string
  bytes: number
  /** Digest of the archive. */
  sha256: string
  withCode: boolean
}

/** Empty when there is none yet. Throws a `UserError` for one that is no JSON. */
export function readIndex(root: string): IndexedBackup[] {
  let text: string
  try {
    text = readFileSync(indexPath(root), 'utf8')
  } catch {
    return []
  }
  try {
    return JSON.parse(text) as IndexedBackup[]
  } catch (cause) {
    throw new UserError(
      `${indexPath(root)}: should be JSON, got ${text.slice(0, 40)}`,
      'it was changed by hand; remove it: the backups themselves need no index',
      {cause},
    )
  }
}

export function writeIndex(root: string, backups: readonly IndexedBackup[]): void {
  writeAtomically(indexPath(root), `${JSON.stringify(backups, null, 2)}\n`)
}

/** Whether its file is here with the right size. That of another host cannot be seen, so it is not. */
export function isThere({path, host, bytes}: IndexedBackup): boolean {
  return host === hostname() && statSync(path, {throwIfNoEntry: false})?.size === bytes
}

function indexPath(root: string): string {
  return join(root, 'backups.json')
}
