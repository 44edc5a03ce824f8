// Keeps the change that is under way on record, so that after a kill the next run knows what was in doubt.
import {misplaced} from '../instance/misplaced.ts'
import {instanceFolder} from '../instance/planInstance.ts'
import type {Documents} from '../records/documents.ts'
import {readDocument} from '../records/readDocument.ts'
import type {Transition} from './transition.ts'
import {transitionShape} from './transitionShape.ts'

const key = 'transition.json'

/** As the transition is now: what changes of it later is in the next one that is saved. */
export function saveTransition({write}: Pick<Documents, 'write'>, transition: Transition): Promise<void> {
  return write(key, `${JSON.stringify(transition, null, 1)}\n`)
}

/** Undefined when no change is under way. Rejects with a `UserError` for a damaged document. */
export function readTransition(
  documents: Pick<Documents, 'read' | 'place'>,
  root: string,
): Promise<Transition | undefined> {
  const sideFault = (side: Transition['from']) => side && misplaced(side, root, instanceFolder(root, 'live'))
  return readDocument<Transition>(documents, key, {
    what: 'the change under way',
    shape: transitionShape,
    faultOf: ({from, to}: Transition) => sideFault(from) ?? sideFault(to),
    remedy: `sh ${root}/rollback.sh needs none of it: it puts a release back, and takes the file away`,
  })
}

/** The change is over: it was committed, or undone. */
export function endTransition({remove}: Pick<Documents, 'remove'>): Promise<void> {
  return remove(key)
}
