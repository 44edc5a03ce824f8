// The sample journals of tests/fixtures/journals, and a small journal in memory for a test that needs one thing only.
import {fileURLToPath} from 'node:url'
import type {Entry, EntryBody, EntryOf} from '../../scripts/lib/journal/entry.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'

export const sampleNames = ['passing', 'failing', 'killed', 'stopped-in-preflight'] as const

export function sampleJournal(name: (typeof sampleNames)[number]): Entry[] {
  return readJournal(fileURLToPath(new URL(`../fixtures/journals/${name}.jsonl`, import.meta.url)))
}

/** The bodies as entries, one second apart. */
export function journalOf(...bodies: readonly EntryBody[]): Entry[] {
  const start = Date.parse('2026-11-20T10:00:00Z')
  return bodies.map((body, index) => ({...body, at: new Date(start + index * 1000).toISOString()}))
}

export function runEntry(...steps: readonly string[]): EntryBody {
  return {
    type: 'run',
    run: 'r1',
    journalVersion: 1,
    pipeline: 'staging',
    fleet: 'fleet.yaml',
    environment: 'staging',
    seaworthyVersion: '0.1.0',
    node: 'v26.10.0',
    platform: 'linux x64',
    host: 'box',
    steps: [...steps],
  }
}

/** A passing check of the phase `health`, with what the test says instead. */
export function checkEntry(changes: Partial<EntryOf<'check'>> = {}): EntryBody {
  return {type: 'check', phase: 'health', check: 'health/ladder', verdict: 'pass', detail: 'climbed 5 of 5', ...changes}
}

/** A step from start to end. */
export function stepEntries(step: string, changes: Partial<EntryOf<'step'>> = {}): EntryBody[] {
  return [
    {type: 'step', step, state: 'started'},
    {type: 'step', step, state: 'finished', verdict: 'pass', exitCode: 0, ms: 1000, ...changes},
  ]
}
