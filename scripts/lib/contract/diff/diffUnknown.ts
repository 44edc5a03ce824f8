// Says of a member that nothing here understands that it changed, and that nobody can tell what that means.
import {equalJson} from '../schema/equalJson.ts'
import type {Difference, Json} from '../surface.ts'
import {pointerTo} from './pointer.ts'

/** Empty when nothing changed. `subject` as in `"_meta" of tool "echo"`. */
export function diffUnknown(
  steps: readonly string[],
  subject: string,
  before: Json | undefined,
  after: Json | undefined,
): Difference[] {
  if (equalJson(before, after)) return []
  const change = before === undefined ? 'is new' : after === undefined ? 'is gone' : 'changed'
  return [
    {
      kind: 'unknown',
      pointer: pointerTo(...steps),
      what: `${subject} ${change}.`,
      reason: 'The specification gives it no meaning that clients could rely on; some may.',
      before,
      after,
    },
  ]
}
