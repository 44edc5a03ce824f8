// Judges a change of text that people and models read.
import type {Difference, Json} from '../surface.ts'
import {pointerTo} from './pointer.ts'

/** Empty when nothing changed. `subject` as in `The description of tool "echo"`. */
export function diffText(
  steps: readonly string[],
  subject: string,
  before: Json | undefined,
  after: Json | undefined,
): Difference[] {
  if (before === after) return []
  const change = before === undefined ? 'is new' : after === undefined ? 'is gone' : 'changed'
  return [
    {
      kind: 'compatible',
      pointer: pointerTo(...steps),
      what: `${subject} ${change}.`,
      reason: 'No call is good or bad by it, but it steers models, so a person should read it.',
      before,
      after,
      steers: true,
    },
  ]
}
