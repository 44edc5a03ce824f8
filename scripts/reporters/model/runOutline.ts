// What was started, on what, when, and how long it took.
import type {Entry} from '../../lib/journal/entry.ts'
import {entriesOf} from '../../lib/journal/facts.ts'

export interface RunOutline {
  /** All of these are undefined for a journal that has no `run` entry. */
  id: string | undefined
  pipeline: string | undefined
  fleet: string | undefined
  environment: string | undefined
  seaworthyVersion: string | undefined
  node: string | undefined
  platform: string | undefined
  host: string | undefined
  plannedSteps: string[]
  /** ISO 8601 times of the first and the newest entry. */
  startedAt: string | undefined
  endedAt: string | undefined
  elapsedMs: number
  /** How often the run was taken up again after it had stopped. */
  resumed: number
}

/** Outline of the run: names from its newest `run` entry, times from its first and last entries. */
export function runOutline(entries: readonly Entry[]): RunOutline {
  const runs = entriesOf(entries, 'run')
  const run = runs.at(-1)
  const startedAt = entries.at(0)?.at
  const endedAt = entries.at(-1)?.at
  return {
    id: run?.run,
    pipeline: run?.pipeline,
    fleet: run?.fleet,
    environment: run?.environment,
    seaworthyVersion: run?.seaworthyVersion,
    node: run?.node,
    platform: run?.platform,
    host: run?.host,
    plannedSteps: run?.steps ?? [],
    startedAt,
    endedAt,
    elapsedMs: millisecondsBetween(startedAt, endedAt),
    resumed: Math.max(0, runs.length - 1),
  }
}

/** Milliseconds from one ISO 8601 time to a later one; 0 when either is missing or is no time. */
export function millisecondsBetween(from: string | undefined, to: string | undefined): number {
  const between = Date.parse(to ?? '') - Date.parse(from ?? '')
  return Number.isFinite(between) ? Math.max(0, between) : 0
}
