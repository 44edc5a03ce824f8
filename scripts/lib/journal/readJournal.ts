// Reads a journal back, tolerant of the half line that a kill or a full disk can leave.
import {readFileSync} from 'node:fs'
import {UserError} from '../errors/userError.ts'
import {oneLine} from '../text/foreignText.ts'
import {type Entry, journalVersion} from './entry.ts'
import {entryFault} from './entryFault.ts'

const changedByHand = 'the journal was changed by hand; pnpm report --run NAME shows another run'

const known = new Set<string>(['run', 'step', 'command', 'check', 'fact', 'release', 'backup'])

/** All entries in order. Unknown types are left out; a journal of a newer version is refused. */
export function readJournal(path: string): Entry[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return parseJournal(text, path)
}

export function unreadable(path: string, cause: unknown): UserError {
  return new UserError(`${path}: should be a journal, could not be read`, 'name a run with --run, or start one', {
    cause,
  })
}

/**
 * Entries of a journal's text; `path` and the number of its first line are for messages. Half a line is left out: its writer was killed or met a full disk,
 * so that what it announced was never done. Any other broken line is refused.
 */
export function parseJournal(text: string, path: string, firstLine = 1): Entry[] {
  const entries = text.split('\n').flatMap((line, index) => parseLine(line, `${path}:${firstLine + index}`))
  return entries.filter(entry => known.has(entry.type))
}

function parseLine(line: string, place: string): Entry[] {
  if (line === '') return []
  const entry = parsed(line)
  if (entry === undefined) {
    if (isHalf(line)) return []
    throw new UserError(`${place}: should be one JSON object, got ${oneLine(line.slice(0, 60))}`, changedByHand)
  }
  if (entry.type === 'run' && !(entry.journalVersion <= journalVersion)) {
    throw new UserError(
      `${place}: journal version should be at most ${journalVersion}, got ${entry.journalVersion}`,
      'read it with the newer Seaworthy that wrote it',
    )
  }
  const fault = entryFault(entry)
  if (fault !== undefined) throw new UserError(`${place}: ${fault}`, changedByHand)
  return [entry]
}

function parsed(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Entry) : undefined
  } catch {
    // Half a line of a writer that was killed, or a fault that the caller names with its place.
    return undefined
  }
}

// Every entry is written with this beginning.
const beginning = '{"at":"'

function isHalf(line: string): boolean {
  return line.startsWith(beginning) || beginning.startsWith(line)
}
