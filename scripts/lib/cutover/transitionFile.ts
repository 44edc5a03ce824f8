// Keeps the change that is under way in an environment's root, so that after a kill the next run knows what was in doubt.
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {readJson} from '../readJson.ts'
import {writeAtomically} from '../writeAtomically.ts'
import type {Transition} from './transition.ts'

export function saveTransition(root: string, transition: Transition): void {
  writeAtomically(path(root), `${JSON.stringify(transition, null, 1)}\n`)
}

/** Undefined when no change is under way. */
export function readTransition(root: string): Transition | undefined {
  const remedy = 'it was changed by hand; compare pnpm status with the routes of the ingress'
  return readJson<Transition>(path(root), 'the change under way', remedy)
}

/** The change is over: it was committed, or undone. */
export function endTransition(root: string): void {
  rmSync(path(root), {force: true})
}

function path(root: string): string {
  return join(root, 'transition.json')
}
