// Picks the measures that the command line names.

import {UserError} from '../scripts/lib/errors/userError.ts'
import {nearest} from '../scripts/lib/text/nearest.ts'
import type {Measure} from './measure.ts'

/** In our order; all for no names. A name is that of a measure or of one of its figures; an unknown one is a fault. */
export function chooseMeasures(measures: readonly Measure[], names: readonly string[]): readonly Measure[] {
  const namesOf = (measure: Measure) => [measure.name, ...measure.figures.map(figure => figure.name)]
  const known = [...new Set(measures.flatMap(namesOf))]
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new UserError(`there is no measure ${unknown}`, `${nearest(unknown, known)}known: ${known.join(', ')}`)
  return names.length === 0 ? measures : measures.filter(measure => namesOf(measure).some(name => names.includes(name)))
}
