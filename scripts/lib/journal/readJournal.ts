// Reads a journal back, tolerant of the half line that a kill or a full disk can leave at its end.
import {readFileSync} from 'node:fs'
import {UserError} from '../userError.ts'
import {type Entry, journalVersion} from './entry.ts'

const known = new Set<string>(['run', 'step', 'command', 'check', 'fact', 'release', 'backup'])

/** All entries in order. Unknown types are left out; a journal of a newer version is refused. */
export function readJournal(path: string): Entry[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`${path}: should be a journal, could not be read`, 'name a run with --run, or start one', {
      cause,
    })
  }
  return parseJournal(text, path)
}

/** Entries of a journal's text; `path` is for messages. A broken line is refused unless it is the last, unfinished one. */
export function parseJournal(text: string, path: string): Entry[] {
  const lines = text.split('\n')
  const unfinished = lines.pop()
  const entries = lines.flatMap((line, index) => (line === '' ? [] : [parseLine(line, path, index + 1)]))
  if (unfinished) entries.push(...parseUnfinished(unfinished))
  return entries.filter(entry => known.has(entry.type))
}

function parseLine(line: string, path: string, number: number): Entry {
  try {
    const entry = JSON.parse(line) as Entry
    if (entry.type === 'run' && entry.journalVersion > journalVersion) {
      throw new UserError(
        `${path}:${number}: journal version should be at most ${journalVersion}, got ${entry.journalVersion}`,
        'read it with the newer Seaworthy that wrote it',
      )
    }
    return entry
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(
      `${path}:${number}: should be one JSON object, got ${line.slice(0, 60)}`,
      'the journal was changed by hand',
      {cause},
    )
  }
}

function parseUnfinished(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry]
  } catch {
    return []
  }
}
