// Appends entries to a run's journal: one line each, redacted, on the disk before the call returns.
import {closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeFileSync} from 'node:fs'
import {basename, dirname} from 'node:path'
import {closeToOthers} from '../files/ownerOnly.ts'
import type {EntryBody} from './entry.ts'
import type {Redact} from './redactor.ts'
import {runsName} from './runFolder.ts'

export interface Journal {
  path: string
  /** Writes entries, a line each, and returns when they are on the disk. Throws when the disk is full: an unrecorded act must not happen. */
  record(...entries: EntryBody[]): void
}

/** Opens the journal at `path` for appending; folders are made. `by` names the step that writes. */
export function openJournal(path: string, redact: Redact, by?: string): Journal {
  const folder = dirname(path)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  // Reports lie beside it, and journals of earlier versions too.
  if (basename(dirname(folder)) === runsName) closeToOthers(dirname(folder))
  const record = (...entries: EntryBody[]) => {
    const at = new Date().toISOString()
    const lines = entries.map(entry => `${JSON.stringify(redact({at, ...entry, by}))}\n`).join('')
    // Opened for each call: the file may be written by several processes, and O_APPEND keeps whole lines apart.
    const file = openSync(path, 'a+', 0o600)
    try {
      // In one call where the disk lets it; writeSync would not tell that a full disk took only half.
      writeFileSync(file, endsInside(file) ? `\n${lines}` : lines)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  return {path, record}
}

// A kill or a full disk can leave half a line, which must not take the next one with it.
function endsInside(file: number): boolean {
  const {size} = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n'
}
