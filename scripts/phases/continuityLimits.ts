// How much a change may cost its clients.

/** What is allowed; calls and effects in numbers over the whole change. */
export interface ContinuityLimits {
  failedLoudly: number
  lostSilently: number
  answeredWrongly: number
  executedTwice: number
  completedButLost: number
  /** The longest time without a success of any population, and without a stream. */
  gapMs: number
  /** Fewer calls during the change than this are too few to judge. */
  minimumCalls: number
}

export const defaultContinuityLimits: ContinuityLimits = {
  failedLoudly: 0,
  lostSilently: 0,
  answeredWrongly: 0,
  executedTwice: 0,
  completedButLost: 0,
  gapMs: 15_000,
  minimumCalls: 20,
}
