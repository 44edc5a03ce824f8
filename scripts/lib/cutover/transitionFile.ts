// Keeps the change that is under way in an environment's root, so that after a kill the next run knows what was in doubt.
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'
import type {Transition} from './transition.ts'

export function saveTransition(root: string, transition: Transition): void {
  writeAtomically(path(root), `${JSON.stringify(transition, null, 1)}\n`)
}

/** Undefined when no change is under way. */
export function readTransition(root: string): Transition | undefined {
  let text: string
  try {
    text = readFileSync(path(root), 'utf8')
  } catch {
    return undefined
  }
  try {
    return JSON.parse(text) as Transition
  } catch (cause) {
    throw new UserError(
      `${path(root)}: should describe a change under way, is not JSON`,
      'it was changed by hand; compare pnpm status with the routes of the ingress',
      {cause},
    )
  }
}

/** The change is over: it was committed, or undone. */
export function endTransition(root: string): void {
  rmSync(path(root), {force: true})
}

function path(root: string): string {
  return join(root, 'transition.json')
}
