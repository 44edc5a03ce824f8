// What makers of samples hand to each other, and whether a part of a value is worth varying.
import type {Json} from '../surface.ts'
import type {SchemaNode} from './document.ts'
import type {Prover} from './prover.ts'
import type {Part, SchemaCase} from './schemaCase.ts'
import type {StandIns} from './standIns.ts'

export interface Sampling {
  prover: Prover
  standIns: StandIns
  /** What both sides describe alike is not varied, as it can make no difference in most cases. */
  isFocused: boolean
  /** Values of the case, those that the proof of the contrary is likely among first. */
  samples(values: SchemaCase, hints: readonly Part[], depth: number): Json[]
}

/** Whether a part of a value is to be varied: not where both sides say the same of it, or the other one nothing. */
export function isVaried(part: SchemaCase, hinted: readonly SchemaNode[], {isFocused, prover}: Sampling): boolean {
  const [own, other] = [part.parts[0]?.node, hinted[0]]
  if (!isFocused) return true
  if (other === undefined) return false
  return part.parts.length !== 1 || hinted.length !== 1 || own === undefined || !prover.same(own, other)
}
