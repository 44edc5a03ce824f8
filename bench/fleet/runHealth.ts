// Runs 70-health on a fleet and gives its wall time, its peak memory and its journal.
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {journalPath, listRuns} from '../../scripts/lib/journal/runFolder.ts'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import type {LiveFleet} from './liveFleet.ts'

export interface RanHealth {
  wallMs: number
  peakMegabytes: number
  entries: Entry[]
}

const deadlineMs = 300_000
const preload = pathToFileURL(join(import.meta.dirname, 'peakMemory.mjs')).href

/** Rejects when the fleet was not found healthy, with the numbers all the same. The run's folder is removed. */
export async function runHealth({folder}: LiveFleet, signal: AbortSignal): Promise<RanHealth> {
  const memoryFile = join(folder, 'peak-memory')
  const {ms, exitCode, output} = await runChild({
    argv: [process.execPath, '--import', preload, inRepository('scripts/70-health.ts'), '--env', 'staging'],
    folder,
    environment: childEnvironment(process.env, {PEAK_MEMORY_FILE: memoryFile}),
    what: '70-health',
    deadlineMs,
    signal,
  })
  const [run] = listRuns(folder)
  const entries = run === undefined ? [] : readJournal(journalPath(folder, run))
  rmSync(join(folder, '.runs'), {recursive: true, force: true})
  const peakMegabytes = Number(readFileSync(memoryFile, 'utf8'))
  if (exitCode !== 0) {
    const bad = output.split('\n').filter(line => /^[✗!?]/.test(line))
    throw new Error(
      `70-health: exit code ${exitCode} after ${Math.round(ms)} ms with ${Math.round(peakMegabytes)} MB; ${bad.length} bad checks, first:\n${(bad[0] ?? output).slice(0, 1000)}`,
    )
  }
  return {wallMs: ms, peakMegabytes, entries}
}
