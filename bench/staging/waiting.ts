// How long an observation of a phase waited for servers and for declared steady times, from the data that it journaled.

import type {HealthAnswer} from '../../scripts/phases/healthAnswer.ts'
import type {HealthSeen} from '../../scripts/phases/healthSeen.ts'

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

// These do nothing but ask servers, one request after another, and start copies and programs that do. What they asked is not
// journaled request by request, so their whole observation counts, with what our client spent of it.
const asking = ['protocol', 'contract', 'consistency', 'stale', 'timeouts', 'truth', 'leak']

/** Milliseconds; at most the observation's own time is meant. A phase that is not known here waited for nobody, so that its whole time counts as our own. */
export function waitedMs(phase: string, seen: unknown): number {
  if (asking.includes(phase)) return Number.POSITIVE_INFINITY
  return waits[phase]?.(seen as never) ?? 0
}
