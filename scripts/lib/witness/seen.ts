// What the witness saw, as the plain data that goes into the journal.

export const populationNames = [
  'legacy-in-flight',
  'legacy-idle',
  'stream',
  'modern',
  'official-sdk',
  'effects',
] as const
export type PopulationName = (typeof populationNames)[number]

/** Something that happened to a server while it was watched. `atMs` counts from the start of the witness. */
export type Moment = {name: string; atMs: number}

/** A time without success. `moments` are those that lie in it; `since` is the last one before it. */
export type Gap = {fromMs: number; ms: number; since: string; moments: string[]}

/** One call that did not end well. */
export type Sample = {atMs: number; moment: string; end: CallEnd; kind: string; summary: string}

/**
 * How a call ended for its client. `failedLoudly`: with an error that the client sees. `lostSilently`: HTTP 200 and no
 * response. `answeredWrongly`: a result that is not what the fleet file expects. `abandoned`: the witness itself gave up.
 */
export type CallEnd = 'completed' | 'failedLoudly' | 'lostSilently' | 'answeredWrongly' | 'abandoned'

/** Calls of one population. `sent` is the sum of the five ends and of `unfinished`. */
export type CallsSeen = {[end in CallEnd]: number} & {
  sent: number
  unfinished: number
  /** Calls that were due but not sent, because every client of the population still waited for an answer. */
  heldBack: number
  /** How many ended after each moment, and how many of those not well. A call in flight at a moment ends after it. */
  byMoment: {[moment: string]: {ended: number; bad: number}}
  /** Outcomes of calls that did not complete. */
  kinds: {[kind: string]: number}
  latencyMs: {p50: number; p99: number; max: number}
  longestGapMs: number
  /** The longest times without success, longest first. */
  gaps: Gap[]
  samples: Sample[]
}

/** Sessions of one population. `same` were never ended, `renewed` were ended with 404 and started over. */
export type SessionsSeen = {
  opened: number
  same: number
  renewed: number
  stranded: number
  /** How often a session was ended with 404, and how often a client could not start over. */
  ended: number
  notRenewed: number
  /** True when the server gives out no session ids, so that there is nothing to lose. */
  sessionless: boolean
}

/** Streams of one population. `down` streams were not back at the end, `stranded` ones may not come back. */
export type StreamsSeen = {
  opened: number
  endedCleanly: number
  cut: number
  resumed: number
  renewed: number
  stranded: number
  down: number
  events: number
  longestGapMs: number
  gaps: Gap[]
  samples: {atMs: number; summary: string}[]
}

/** The effects of the calls that are counted. Ids are named up to a limit; the numbers are whole. */
export type EffectsSeen = {
  sent: number
  /** Ids found in the effects. */
  found: number
  executedTwice: number
  /** Reported as failed, and executed once all the same: the client cannot know. */
  failedButExecuted: number
  /** Reported as completed, and not executed. */
  completedButLost: number
  ids: {executedTwice: string[]; failedButExecuted: string[]; completedButLost: string[]}
  /** Why the effects could not be read, or not removed. */
  unread?: string
  uncleaned?: string
}

/** One population: seen, not applicable to this server, or never opened though it should have been. */
export type PopulationSeen =
  | {state: 'skipped'; reason: string}
  | {state: 'unopened'; reason: string}
  | {
      state: 'seen'
      note?: string
      calls?: CallsSeen
      sessions?: SessionsSeen
      streams?: StreamsSeen
      effects?: EffectsSeen
    }

/** Everything seen of one server: the value of the fact `witness.<server>`. */
export type ServerSeen = {
  server: string
  forMs: number
  moments: Moment[]
  populations: {[name in PopulationName]: PopulationSeen}
}

/** By server. */
export type WitnessSeen = {[server: string]: ServerSeen}
