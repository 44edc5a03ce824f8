// The journal entries of what the witness saw: one fact a server, which the phase `continuity` judges.
import type {FactEntry} from '../journal/entry.ts'
import type {ServerSeen, WitnessSeen} from './seen.ts'

/** A change without a witness says why, such as that nothing was live before. */
export type Unwitnessed = {server: string; unwitnessed: string}

/** The value of the fact `witness.<server>`. */
export type WitnessFact = ServerSeen | Unwitnessed

/** The name of the fact that holds the load of the machine while the clients were held. */
export const witnessLoadName = 'machine.witness'

/** The name of the fact. */
export function witnessFactName(server: string): string {
  return `witness.${server}`
}

/** To be recorded by the step that made the change. */
export function witnessFacts(seen: WitnessSeen): FactEntry[] {
  return Object.values(seen).map(value => ({type: 'fact', name: witnessFactName(value.server), value}))
}

/** To be recorded where no clients could be held, such as before a first deploy. */
export function unwitnessed(server: string, why: string): FactEntry {
  const value: Unwitnessed = {server, unwitnessed: why}
  return {type: 'fact', name: witnessFactName(server), value}
}
