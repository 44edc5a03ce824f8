// Of spans that may overlap, finds the chain, each beginning after the one before has ended, that waited longest.
import type {Span} from './childSpans.ts'

export interface Chain {
  waitMs: number
  spans: Span[]
}

/** An empty chain of 0 ms when there are no spans. */
export function longestChain(spans: readonly Span[]): Chain {
  const sorted = [...spans].sort((a, b) => a.to - b.to)
  // best[n] is the longest chain among the first n spans.
  const best: Chain[] = [{waitMs: 0, spans: []}]
  for (const [index, span] of sorted.entries()) {
    const before = sorted.findLastIndex(other => other.to <= span.from)
    const earlier = best[before + 1] ?? {waitMs: 0, spans: []}
    const without = best[index] ?? {waitMs: 0, spans: []}
    const waitMs = earlier.waitMs + span.waitMs
    best.push(waitMs > without.waitMs ? {waitMs, spans: [...earlier.spans, span]} : without)
  }
  return best.at(-1) ?? {waitMs: 0, spans: []}
}
