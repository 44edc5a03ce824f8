// Writes the first entry of a run: what was started, on what, by which version.
import {hostname} from 'node:os'
import {version} from '../text/version.ts'
import {journalVersion, type RunEntry} from './entry.ts'
import {openJournal} from './journal.ts'
import type {Redact} from './redactor.ts'

export type Begin = Pick<RunEntry, 'run' | 'pipeline' | 'environment' | 'steps' | 'fleet'>

export function beginRun(path: string, redact: Redact, begin: Begin): void {
  openJournal(path, redact).record({
    type: 'run',
    ...begin,
    journalVersion,
    seaworthyVersion: version(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    host: hostname(),
  })
}
