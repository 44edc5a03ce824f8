// Reads what the witness saw: which populations there were, and how many calls they made during the change.
import {
  type CallsSeen,
  type PopulationName,
  type PopulationSeen,
  populationNames,
  type ServerSeen,
} from '../lib/witness/seen.ts'

type Seen = PopulationSeen & {state: 'seen'}

/** The populations that were seen, with their names. */
export function seenPopulations({populations}: ServerSeen): [PopulationName, Seen][] {
  return populationNames.flatMap(name => {
    const population = populations[name]
    return population.state === 'seen' ? [[name, population] as [PopulationName, Seen]] : []
  })
}

/** Calls that ended after the first moment that was marked. Without such a moment there was no change to witness. */
export function callsDuringChange(seen: ServerSeen): number {
  return seenPopulations(seen).reduce((sum, [, {calls}]) => sum + (calls ? duringChange(calls) : 0), 0)
}

/** The same for one population. */
export function duringChange({byMoment}: CallsSeen): number {
  return Object.entries(byMoment).reduce((sum, [moment, {ended}]) => sum + (moment === 'start' ? 0 : ended), 0)
}
