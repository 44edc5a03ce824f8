// Puts restored files in place by renaming, and takes them back; both may be begun again after a kill.
import {mkdirSync, renameSync, rmSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {lstatIfThere} from '../files/ifThere.ts'
import {removeTree} from '../files/removeTree.ts'
import {refuseOutside} from './refuseOutside.ts'
import {planPath, previousName, restoreFolder} from './restorePlaces.ts'
import type {Move, Part, RestorePlan} from './restorePlan.ts'
import {syncFolder} from './syncFolder.ts'

/** Which moves are meant; all when absent. */
export interface Chosen {
  parts?: readonly Part[]
  /** Only the state of these servers. */
  servers?: readonly string[]
}

/**
 * Programs that use what is moved must be stopped. What was moved already stays as it is. Throws a `UserError` for a place
 * that is not below the root, before anything of that move is touched.
 */
export function applyRestore(root: string, plan: RestorePlan, chosen: Chosen = {}): void {
  for (const move of chosenMoves(plan, chosen)) {
    const {target, staged} = move
    const previous = previousOf(root, move)
    refuseMove(root, move)
    const isDue = staged === undefined || isThere(staged)
    // Also what came after the plan was made: a server that runs may have begun a file that was not there.
    if (isDue && !isThere(previous) && isThere(target)) rename(target, previous)
    if (staged !== undefined && isThere(staged)) rename(staged, target)
  }
}

/** Puts back what was there before, last first. Throws as `applyRestore` does. */
export function undoRestore(root: string, plan: RestorePlan, chosen: Chosen = {}): void {
  for (const move of chosenMoves(plan, chosen).toReversed()) {
    const {target, staged} = move
    const previous = previousOf(root, move)
    refuseMove(root, move)
    const wasReplaced = staged !== undefined && !isThere(staged)
    if (wasReplaced && isThere(target)) rename(target, staged)
    if (!isThere(previous)) continue
    // The backup had nothing there: what is there now was written since.
    if (isThere(target)) rename(target, `${previous}.since`)
    rename(previous, target)
  }
}

/** The restore is over, applied or undone. What was replaced is moved to `keepIn`, or removed for good without it. */
export function endRestore(root: string, keepIn?: string): void {
  const folder = restoreFolder(root)
  const replaced = join(folder, previousName)
  if (keepIn !== undefined && isThere(replaced)) {
    for (const path of [replaced, keepIn]) refuseOutside(root, path)
    rename(replaced, keepIn)
  }
  // Without its plan the folder is only a leftover, which the next restore removes.
  rmSync(planPath(root), {force: true})
  removeTree(folder)
}

/** Where what is at the target goes. The plan says it for what was there when it was made. */
function previousOf(root: string, {previous, target}: Move): string {
  return previous ?? join(restoreFolder(root), previousName, relative(root, target))
}

function refuseMove(root: string, move: Move): void {
  for (const path of [move.target, previousOf(root, move), move.staged])
    if (path !== undefined) refuseOutside(root, path)
}

function chosenMoves({moves}: RestorePlan, {parts, servers}: Chosen): Move[] {
  return moves.filter(
    ({part, server}) =>
      (parts?.includes(part) ?? true) && (servers === undefined || (server !== undefined && servers.includes(server))),
  )
}

function rename(from: string, to: string): void {
  mkdirSync(dirname(to), {recursive: true})
  renameSync(from, to)
  syncFolder(dirname(from))
  syncFolder(dirname(to))
}

function isThere(path: string): boolean {
  return lstatIfThere(path) !== undefined
}
