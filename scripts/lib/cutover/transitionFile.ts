// Keeps the change that is under way in an environment's root, so that after a kill the next run knows what was in doubt.
import {join} from 'node:path'
import type {Changes} from '../changes.ts'
import {misplaced} from '../instance/misplaced.ts'
import {instanceFolder} from '../instance/planInstance.ts'
import {readJson} from '../readJson.ts'
import type {Transition} from './transition.ts'
import {transitionShape} from './transitionShape.ts'

export function saveTransition(root: string, transition: Transition, {write}: Changes): void {
  write(path(root), `${JSON.stringify(transition, null, 1)}\n`)
}

/** Undefined when no change is under way. Throws a `UserError` for a damaged file. */
export function readTransition(root: string): Transition | undefined {
  const sideFault = (side: Transition['from']) => side && misplaced(side, root, instanceFolder(root, 'live'))
  return readJson<Transition>({
    path: path(root),
    what: 'the change under way',
    shape: transitionShape,
    faultOf: ({from, to}: Transition) => sideFault(from) ?? sideFault(to),
    remedy: `sh ${root}/rollback.sh needs none of it: it puts a release back, and takes the file away`,
  })
}

/** The change is over: it was committed, or undone. */
export function endTransition(root: string, {remove}: Changes): void {
  remove(path(root))
}

function path(root: string): string {
  return join(root, 'transition.json')
}
