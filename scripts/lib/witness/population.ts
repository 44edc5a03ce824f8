// What every population of clients is: opened before the change, ended after it, and told as data at any time.
import type {Agent} from 'node:http'
import type {ToolDefinition} from '../mcp/listTools.ts'
import type {Ended} from './endOf.ts'
import type {Moments} from './moments.ts'
import type {PopulationSeen} from './seen.ts'
import type {WitnessTarget} from './target.ts'

/** What a population needs of the server that it watches. */
export type Surroundings = {
  target: WitnessTarget
  moments: Moments
  /** Kept connections, shared by the callers of one server, as clients of one host share theirs. */
  agent: Agent
  /** The server's tools in each era that it speaks. */
  tools: {legacy?: readonly ToolDefinition[]; modern?: readonly ToolDefinition[]}
  signal: AbortSignal
  /** How many calls that did not end well are kept in words. */
  samples: number
}

/** One population. `finish` ends what it does and looks at what became of its clients; `close` lets them go. */
export type Population = {
  finish(): Promise<void>
  close(): Promise<void>
  seen(): PopulationSeen
}

/** A population that this server does not have, or that could not be opened. */
export function absentPopulation(state: 'skipped' | 'unopened', reason: string): Population {
  return {finish: async () => {}, close: async () => {}, seen: () => ({state, reason})}
}

/** True when the call was broken off because the run was cancelled. */
export function gaveUp(surroundings: Surroundings, ended: Ended): Ended {
  return surroundings.signal.aborted && ended.end !== 'completed' ? {...ended, end: 'abandoned'} : ended
}
