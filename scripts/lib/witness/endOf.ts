// Decides how a call ended for its client, from the outcome that the wire client tells.
import type {JsonObject} from '../mcp/jsonRpc.ts'
import type {Outcome} from '../mcp/outcome.ts'
import {clip} from '../mcp/quote.ts'
import type {CallEnd} from './seen.ts'

/** The end, with the outcome's own kind and one sentence. */
export type Ended = {end: CallEnd; kind: string; summary: string}

/** Judges one call. Pure. `expect` is asked about results only. */
export function endOf(outcome: Outcome, expect?: (result: JsonObject) => string[]): Ended {
  const {kind} = outcome
  if (kind === 'result') {
    const faults = expect?.(outcome.result ?? {}) ?? []
    if (faults.length === 0) return {end: 'completed', kind, summary: ''}
    return {end: 'answeredWrongly', kind: 'unexpected', summary: clip(faults.join('; '), 300)}
  }
  const summary = clip(outcome.summary, 300)
  if (kind === 'cancelled') return {end: 'abandoned', kind, summary}
  return {end: kind === 'no-response' ? 'lostSilently' : 'failedLoudly', kind, summary}
}
