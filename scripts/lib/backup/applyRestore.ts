// Puts restored files in place by renaming, and takes them back; both may be begun again after a kill.
import {lstatSync, mkdirSync, realpathSync, renameSync, rmSync} from 'node:fs'
import {basename, dirname, join, relative} from 'node:path'
import {UserError} from '../userError.ts'
import {type Move, type Part, planPath, previousName, type RestorePlan} from './restorePlan.ts'
import {syncFolder} from './syncFolder.ts'

/** Which moves are meant; all when absent. */
export interface Chosen {
  parts?: readonly Part[]
  /** Only the state of these servers. */
  servers?: readonly string[]
}

/** Programs that use what is moved must be stopped. What was moved already stays as it is. */
export function applyRestore(root: string, plan: RestorePlan, chosen: Chosen = {}): void {
  for (const move of chosenMoves(plan, chosen)) {
    const {target, staged} = move
    const previous = previousOf(plan, move)
    mkdirSync(dirname(target), {recursive: true})
    refuseOutside(root, target)
    const isDue = staged === undefined || isThere(staged)
    // Also what came after the plan was made: a server that runs may have begun a file that was not there.
    if (isDue && !isThere(previous) && isThere(target)) rename(target, previous)
    if (staged !== undefined && isThere(staged)) rename(staged, target)
  }
}

/** Puts back what was there before, last first. */
export function undoRestore(plan: RestorePlan, chosen: Chosen = {}): void {
  for (const move of chosenMoves(plan, chosen).toReversed()) {
    const {target, staged} = move
    const previous = previousOf(plan, move)
    const wasReplaced = staged !== undefined && !isThere(staged)
    if (wasReplaced && isThere(target)) rename(target, staged)
    if (!isThere(previous)) continue
    // The backup had nothing there: what is there now was written since.
    if (isThere(target)) rename(target, `${previous}.since`)
    rename(previous, target)
  }
}

/** The restore is over, applied or undone. What was replaced is moved to `keepIn`, or removed for good without it. */
export function endRestore(root: string, plan: RestorePlan, keepIn?: string): void {
  const replaced = join(plan.folder, previousName)
  if (keepIn !== undefined && isThere(replaced)) rename(replaced, keepIn)
  // Without its plan the folder is only a leftover, which the next restore removes.
  rmSync(planPath(root), {force: true})
  rmSync(plan.folder, {recursive: true, force: true})
}

/** Where what is at the target goes. The plan says it for what was there when it was made. */
function previousOf({folder}: RestorePlan, {previous, target}: Move): string {
  return previous ?? join(folder, previousName, relative(dirname(folder), target))
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

// A folder on the way that is a link would lead a restored file to where nobody looks for it.
function refuseOutside(root: string, target: string): void {
  const expected = join(realpathSync(root), relative(root, target))
  const real = join(realpathSync(dirname(target)), basename(target))
  if (real === expected) return
  throw new UserError(`${target} should lie in ${root}, but a link on the way leads to ${real}`, 'take the link away')
}

function isThere(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false}) !== undefined
}
