// What the phase `consistency` sees of one server, as plain data.
import type {RolloutSeen} from './consistencyRollout.ts'
import type {PlaceSeen} from './contractSeen.ts'

export interface ConsistencySeen {
  /** The copy itself; each of the others keeps its contract only where it is another one. */
  first: PlaceSeen
  again: PlaceSeen
  ingress: PlaceSeen
  /** A second copy, or why there is none. */
  other: {place: PlaceSeen} | {unready: string} | {none: string}
  rollout: RolloutSeen
}
