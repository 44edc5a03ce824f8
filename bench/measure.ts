// What a measure is: it opens what it needs, gives one sample at a time, and says which limit each number is held against.
import type {Limit} from './limit.ts'

/** One number that a measure gives. */
export interface Figure {
  /** Stable: results of different days are compared by it. */
  name: string
  /** One sentence part for people. */
  title: string
  unit: string
  /** Absent for a number that is only reported next to another one. */
  limit?: Limit
}

/** Numbers by the name of the figure, in the figure's unit. */
export type Sample = Readonly<Record<string, number>>

/** A baseline measured in the same run, so that a slow machine slows both. */
export interface Peer {
  title: string
  /** Only the figures that this peer can be compared in. */
  sample(): Promise<Sample>
}

/** A measure that is ready to be sampled; disposing removes all that it started and wrote. */
export interface Opened extends AsyncDisposable {
  sample(): Promise<Sample>
  /** Limits that name a peer refer to the first. */
  peers?: readonly Peer[]
  /** Peers and tools that this machine does not have, each with the reason; reported, so that readers know they were not used. */
  absent?: readonly string[]
}

export interface Measure {
  name: string
  /** What is done, in one sentence. */
  title: string
  /** How many samples are taken when nobody says otherwise. */
  runs: number
  figures: readonly Figure[]
  /** Prepares, warms up where the title says warm, and starts nothing that is not ended by disposing. */
  open(signal: AbortSignal): Promise<Opened>
}
