// Keeps one event stream open as a conforming client does: opens it again when it ends, and counts how it ended.
import {setTimeout as pause} from 'node:timers/promises'
import {isRefused} from './legacySession.ts'
import type {Moments} from './moments.ts'
import type {StreamsSeen} from './seen.ts'
import type {OpenedStream, StreamEnd} from './watchStream.ts'

/** Where streams of one kind come from. */
export type StreamSource = {
  open(lastEventId?: string): Promise<OpenedStream>
  /** Whether an end that was clean for HTTP is one for MCP too. */
  isProper(end: StreamEnd): boolean
  /** Begins a new session after 404; false when that failed. Absent where there are no sessions. */
  renew?(): Promise<boolean>
  /** Told when the stream was refused for good. */
  onStranded?(): void
}

/** A stream that is kept open. `close` gives one that is down right now a last chance to come back. */
export type KeptStream = {close(): Promise<void>}

/** `counts` is shared by all streams of a population. */
export type KeepOptions = {
  source: StreamSource
  first: OpenedStream & {ok: true}
  counts: StreamsSeen
  moments: Moments
  samples: number
  signal: AbortSignal
  /** Deadline of a request, and of the last chance at the end, which is three seconds at most. */
  timeoutMs: number
}

// How soon a client tries again, unless the server says so itself (SSE `retry`), and the longest that it obeys.
const retryMs = 250
const longestRetryMs = 5000
const keptGaps = 3
/** The longest that `close` waits for a stream that is down. */
const lastChanceMs = 3000

/** Keeps it until `close`. */
export function keepStream(options: KeepOptions): KeptStream {
  const {source, counts, moments, signal} = options
  const lastChance = Math.min(lastChanceMs, options.timeoutMs)
  const closing = new AbortController()
  const over = AbortSignal.any([closing.signal, signal])
  let stream: (OpenedStream & {ok: true}) | undefined = options.first
  const onOver = () => stream?.close()
  over.addEventListener('abort', onOver)

  const sample = (summary: string) => {
    if (counts.samples.length < options.samples) counts.samples.push({atMs: Math.round(moments.now()), summary})
  }
  const down = (fromMs: number) => {
    counts.gaps.push(moments.gap(fromMs, moments.now()))
    counts.gaps.sort((one, other) => other.ms - one.ms).splice(keptGaps)
    counts.longestGapMs = counts.gaps[0]?.ms ?? 0
  }
  const wait = (ms: number) => pause(ms, undefined, {signal: over}).catch(() => {})
  // A client without a session has nothing to open a stream of: the refusal of that would say nothing of the server.
  const renewed = async (renew: () => Promise<boolean>) => {
    while (!(await renew())) {
      await wait(retryMs)
      if (over.aborted) return false
    }
    return true
  }
  let reopened = 0
  const reopen = async (end: StreamEnd) => {
    let lastEventId = end.lastEventId
    let isRenewed = false
    while (!over.aborted) {
      await wait(Math.min(end.retryMs ?? retryMs, longestRetryMs))
      if (over.aborted) return undefined
      const next = await source.open(lastEventId)
      if (next.ok) {
        counts[isRenewed ? 'renewed' : 'resumed'] += 1
        reopened += 1
        return next
      }
      if (next.status === 404 && source.renew) {
        isRenewed = await renewed(source.renew)
        lastEventId = undefined
      } else if (isRefused({kind: 'http-error', status: next.status}) || next.status === 404) {
        counts.stranded += 1
        source.onStranded?.()
        sample(`not opened again: ${next.detail}`)
        return undefined
      }
    }
    return undefined
  }
  const keep = async () => {
    while (stream !== undefined && !over.aborted) {
      const end: StreamEnd = await stream.ended
      if (over.aborted) return
      const fromMs = moments.now()
      const proper = end.how === 'clean' && source.isProper(end)
      counts[proper ? 'endedCleanly' : 'cut'] += 1
      sample(`${proper ? 'ended cleanly' : 'cut'}: ${end.detail}`)
      stream = undefined
      const stranded = counts.stranded
      stream = await reopen(end)
      down(fromMs)
      // One that ended a moment before the watch did was about to be opened again; `close` waited for any other.
      const isLost = moments.now() - fromMs >= lastChance * 0.9
      if (stream === undefined && counts.stranded === stranded && isLost) counts.down += 1
      if (over.aborted) stream?.close()
    }
  }
  const kept = keep()
  return {
    async close() {
      const giveUpAt = performance.now() + lastChance
      const isDone = kept.then(() => true)
      const seen = reopened
      // Coming back once is enough: some servers end every stream at once, and are asked again each time.
      while (stream === undefined && reopened === seen && performance.now() < giveUpAt) {
        if (await Promise.race([isDone, pause(50, false)])) break
      }
      closing.abort()
      await kept
      over.removeEventListener('abort', onOver)
    },
  }
}

/** Nothing seen yet. */
export function noStreams(): StreamsSeen {
  return {
    opened: 0,
    endedCleanly: 0,
    cut: 0,
    resumed: 0,
    renewed: 0,
    stranded: 0,
    down: 0,
    events: 0,
    longestGapMs: 0,
    gaps: [],
    samples: [],
  }
}
