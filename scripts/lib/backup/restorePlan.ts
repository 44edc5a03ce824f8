// What a restore will put where, as data that survives a kill at any point.

import {writeAtomically} from '../files/writeAtomically.ts'
import {readJson} from '../saved/readJson.ts'
import {planPath} from './restorePlaces.ts'
import {misplacedMove, restoreShape} from './restoreShape.ts'

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

/** The restore that was begun and not ended; undefined when there is none. Throws a `UserError` for one that was never saved so. */
export function readRestore(root: string): RestorePlan | undefined {
  const path = planPath(root)
  return readJson<RestorePlan>({
    path,
    what: `the restore under way into ${root}`,
    shape: restoreShape,
    faultOf: (plan: RestorePlan) => misplacedMove(plan, root),
    remedy: `nothing of it was carried out; pnpm status works without it; move it away (mv ${path} ${path}.damaged), then pnpm resume; what the restore replaced stays below ${root}`,
  })
}

export function saveRestore(root: string, plan: RestorePlan): void {
  // By its own folder, which whoever comes after a kill removes, half-written plan and all.
  writeAtomically(planPath(root), `${JSON.stringify(plan, null, 1)}\n`, 0o600, plan.folder)
}
