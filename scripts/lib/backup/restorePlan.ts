// What a restore will put where, as data that survives a kill at any point.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'

/** `pointer` live.json; `records` of releases; `instance` its description and routes; `code` a release; `state` of a server. */
export type Part = 'pointer' | 'records' | 'instance' | 'code' | 'state'

/** One name that changes hands by renaming. */
export interface Move {
  part: Part
  /** Set for state. */
  server?: string
  target: string
  /** What will be there; absent when the backup says that nothing was. */
  staged?: string
  /** Where what is there now goes; absent when nothing is. */
  previous?: string
}

/** How the state of a server would change. All zero: it is the same already, and nothing of it is moved. */
export interface StateChange {
  server: string
  /** Files that only the backup has, that only the present has, and that both have with other contents. */
  added: number
  removed: number
  changed: number
}

export interface RestorePlan {
  /** The backup. */
  file: string
  sha256: string
  /** Size of the archive. */
  bytes: number
  fleet: string
  environment: string
  /** Digest of the release that was live when the backup was made. */
  release: string
  at: string
  /** Holds what was extracted and what was there before, until the restore ends. */
  folder: string
  moves: Move[]
  servers: StateChange[]
  /** Sentences about what is not restored, and why. */
  notes: string[]
}

/** The restore that was begun and not ended; undefined when there is none. */
export function readRestore(root: string): RestorePlan | undefined {
  let text: string
  try {
    text = readFileSync(planPath(root), 'utf8')
  } catch {
    return undefined
  }
  try {
    return JSON.parse(text) as RestorePlan
  } catch (cause) {
    throw new UserError(`${planPath(root)}: should describe a restore, is not JSON`, 'it was changed by hand', {cause})
  }
}

export function saveRestore(root: string, plan: RestorePlan): void {
  // By its own folder, which whoever comes after a kill removes, half-written plan and all.
  writeAtomically(planPath(root), `${JSON.stringify(plan, null, 1)}\n`, 0o600, plan.folder)
}

export function planPath(root: string): string {
  return join(root, 'restore.json')
}

/** Folder of a restore that takes what was there before. */
export const previousName = 'previous'

/** Where a restore keeps its files: below the root, since a rename must not leave the file system. */
export function restoreFolder(root: string): string {
  return join(root, 'restore')
}
