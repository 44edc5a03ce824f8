// Keeps the change that is under way in an environment's root, so that after a kill the next run knows what was in doubt.
import {join} from 'node:path'
import type {Changes} from '../changes.ts'
import {readJson} from '../readJson.ts'
import type {Transition} from './transition.ts'

export function saveTransition(root: string, transition: Transition, {write}: Changes): void {
  write(path(root), `${JSON.stringify(transition, null, 1)}\n`)
}

/** Undefined when no change is under way. */
export function readTransition(root: string): Transition | undefined {
  const remedy = 'it was changed by hand; compare pnpm status with the routes of the ingress'
  return readJson<Transition>(path(root), 'the change under way', remedy)
}

/** The change is over: it was committed, or undone. */
export function endTransition(root: string, {remove}: Changes): void {
  remove(path(root))
}

function path(root: string): string {
  return join(root, 'transition.json')
}
