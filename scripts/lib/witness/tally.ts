// Counts the calls of one population in constant memory, however many there are.
import {createHistogram} from 'node:perf_hooks'
import type {Ended} from './endOf.ts'
import {longestGaps} from './longestGaps.ts'
import type {Moments} from './moments.ts'
import type {CallEnd, CallsSeen, Sample} from './seen.ts'

/** Told of each call when it is sent and when it has ended. `heldBack` tells of calls that were not sent. */
export type Tally = {
  sent(): void
  ended(ended: Ended, ms: number): void
  heldBack(calls: number): void
  /** No call is sent from now on, so that a time without success is nobody's fault. */
  close(): void
  seen(): CallsSeen
}

// An hour in microseconds: no call waits longer.
const highest = 3_600_000_000
const asMs = (microseconds: number) => Math.round(microseconds / 100) / 10

/** Counts from now on; `samples` is how many calls that did not end well are kept in words. */
export function makeTally(moments: Moments, samples: number): Tally {
  const counts: {[end in CallEnd]: number} = {
    completed: 0,
    failedLoudly: 0,
    lostSilently: 0,
    answeredWrongly: 0,
    abandoned: 0,
  }
  const latency = createHistogram({lowest: 1, highest, figures: 3})
  const gaps = longestGaps(moments)
  const byMoment: CallsSeen['byMoment'] = {}
  const kinds: {[kind: string]: number} = {}
  const kept: Sample[] = []
  let sent = 0
  let heldBack = 0
  let closedAtMs: number | undefined
  return {
    sent() {
      sent += 1
    },
    heldBack(calls) {
      heldBack += calls
    },
    close() {
      closedAtMs ??= moments.now()
    },
    ended({end, kind, summary}, ms) {
      counts[end] += 1
      const moment = moments.current()
      // What the witness gave up itself is no evidence of anything.
      if (end !== 'abandoned') {
        byMoment[moment] ??= {ended: 0, bad: 0}
        byMoment[moment].ended += 1
        if (end !== 'completed') byMoment[moment].bad += 1
      }
      if (end === 'completed') {
        latency.record(Math.min(highest, Math.max(1, Math.round(ms * 1000))))
        gaps.succeeded()
        return
      }
      kinds[kind] = (kinds[kind] ?? 0) + 1
      if (kept.length < samples) kept.push({atMs: Math.round(moments.now()), moment, end, kind, summary})
    },
    seen() {
      const found = gaps.seen(closedAtMs ?? moments.now())
      const ended = Object.values(counts).reduce((sum, count) => sum + count, 0)
      const some = counts.completed > 0
      return {
        ...counts,
        sent,
        unfinished: sent - ended,
        heldBack,
        byMoment: structuredClone(byMoment),
        kinds: {...kinds},
        latencyMs: {
          p50: some ? asMs(latency.percentile(50)) : 0,
          p99: some ? asMs(latency.percentile(99)) : 0,
          max: some ? asMs(latency.max) : 0,
        },
        longestGapMs: found[0]?.ms ?? 0,
        gaps: found,
        samples: [...kept],
      }
    },
  }
}
