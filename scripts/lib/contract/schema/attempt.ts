// Tries to show something of a case; where that fails, of each part of it.
import type {Prover} from './prover.ts'
import type {SchemaCase} from './schemaCase.ts'
import {splitByKind, splitCase} from './splitCase.ts'

/**
 * Whether `goal` holds of the case, or of every part after its choices are made one after another. With `byKind`, which is of
 * use where the goal is itself a choice, kinds of values are told apart last.
 */
export function attempt(
  values: SchemaCase,
  prover: Prover,
  goal: (part: SchemaCase) => boolean,
  byKind = false,
): boolean {
  if (goal(values)) return true
  if (!prover.spend()) return false
  const parts = splitCase(values, prover.make) ?? (byKind ? splitByKind(values, prover.make) : undefined)
  return parts?.every(part => part.never || attempt(part, prover, goal, byKind) || prover.isEmpty(part)) ?? false
}
