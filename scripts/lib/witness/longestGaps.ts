// Keeps the longest times without success, and forgets all others.
import type {Moments} from './moments.ts'
import type {Gap} from './seen.ts'

/** `succeeded` ends the running gap and begins the next; `seen` adds the one that still runs, up to `untilMs`. */
export type LongestGaps = {succeeded(): void; seen(untilMs: number): Gap[]}

const kept = 3

/** The first gap begins now. */
export function longestGaps(moments: Moments): LongestGaps {
  const ended: Gap[] = []
  let fromMs = moments.now()
  const withNew = (untilMs: number) =>
    [...ended, moments.gap(fromMs, untilMs)].sort((one, other) => other.ms - one.ms).slice(0, kept)
  return {
    succeeded() {
      const untilMs = moments.now()
      // Most gaps are shorter than the kept ones; a gap is not worth making an object for then.
      if (untilMs - fromMs > (ended[kept - 1]?.ms ?? 0)) ended.splice(0, kept, ...withNew(untilMs))
      fromMs = untilMs
    },
    seen: untilMs => (untilMs > fromMs ? withNew(untilMs) : [...ended]),
  }
}
