// Appends entries to a run's journal: one line each, redacted, on the disk before the call returns.
import {closeSync, fsyncSync, mkdirSync, openSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'
import type {EntryBody} from './entry.ts'
import type {Redact} from './redactor.ts'

export interface Journal {
  path: string
  /** Writes one entry and returns when it is on the disk. Throws when the disk is full: an unrecorded act must not happen. */
  record(entry: EntryBody): void
}

/** Opens the journal at `path` for appending; folders are made. `by` names the step that writes. */
export function openJournal(path: string, redact: Redact, by?: string): Journal {
  mkdirSync(dirname(path), {recursive: true})
  const record = (entry: EntryBody) => {
    const line = `${JSON.stringify(redact({at: new Date().toISOString(), ...entry, by}))}\n`
    // Opened for each entry: the file may be written by several processes, and O_APPEND keeps whole lines apart.
    const file = openSync(path, 'a')
    try {
      writeSync(file, line)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  return {path, record}
}
