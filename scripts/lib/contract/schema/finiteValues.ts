// All values of a case, where they can be counted: an enumeration, true and false, null, a short range.
import type {Json} from '../surface.ts'
import {numberBounds} from './bounds.ts'
import type {Prover} from './prover.ts'
import type {SchemaCase} from './schemaCase.ts'
import {kindsOf, valuesOf} from './types.ts'

const most = 1000
const longestRange = 64

/** Undefined where there are too many, or they cannot be counted. None that is in the case is missing. */
export function finiteValues(values: SchemaCase, prover: Prover): Json[] | undefined {
  const listed = values.parts
    .map(({keywords}) => valuesOf(keywords))
    .filter(list => list !== undefined)
    .sort((one, other) => one.length - other.length)[0]
  const all = listed ?? countable(values)
  if (all === undefined || all.length > most) return undefined
  return all.filter(value => values.parts.every(({node}) => prover.accepts(node, value) !== false))
}

function countable(values: SchemaCase): Json[] | undefined {
  const found: Json[] = []
  for (const kind of kindsOf(values)) {
    if (kind === 'null') found.push(null)
    else if (kind === 'boolean') found.push(false, true)
    else if (kind === 'integer') {
      const {low, high} = numberBounds(values, true)
      if (!(high - low < longestRange)) return undefined
      for (let number = low; number <= high; number++) found.push(number)
    } else return undefined
  }
  return found
}
