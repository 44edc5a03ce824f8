// How long an observation of a phase waited for servers and for declared steady times, from the data that it journaled.

import type {HealthSeen} from '../../scripts/phases/health.ts'
import type {HealthAnswer} from '../../scripts/phases/healthAnswer.ts'

interface Timed {
  ms: number
}

// Requests that were made one after another are added, of those made at the same time the longest counts.
const waits: Record<string, (seen: never) => number> = {
  health: ({inside, through, opinion, answer, steady}: HealthSeen) =>
    Math.max(inside.ms, through.ms, opinion.ms, answer.ms) + steady.forMs,
  reachability: ({answer, wildcard}: {answer: HealthAnswer; wildcard?: HealthAnswer}) =>
    Math.max(answer.ms, wildcard?.ms ?? 0),
  tools: ({opened, listed}: {opened: Timed; listed?: Timed}) => opened.ms + (listed?.ms ?? 0),
  calls: ({opened, calls}: {opened: Timed; calls: {outcome?: Timed}[]}) =>
    calls.reduce((sum, {outcome}) => sum + (outcome?.ms ?? 0), opened.ms),
}

/** Milliseconds. A phase that is not known here waited for nobody, so that its whole time counts as our own. */
export function waitedMs(phase: string, seen: unknown): number {
  return waits[phase]?.(seen as never) ?? 0
}
