// One line of plain text for an entry, as steps print it while they work.

import type {Verdict} from '../errors/verdict.ts'
import type {CheckEntry, EntryBody} from './entry.ts'

export const verdictMarks: Record<Verdict, string> = {pass: '✓', fail: '✗', inconclusive: '?', error: '!', skip: '–'}

/** Undefined for entries that say nothing to a person who watches. */
export function lineOf(entry: EntryBody): string | undefined {
  switch (entry.type) {
    case 'check':
      return checkLine(entry)
    case 'release':
      return `  release ${entry.release.slice(0, 12)} ${entry.event}${entry.detail ? `: ${entry.detail}` : ''}`
    default:
      return undefined
  }
}

// A server whose answer has several lines must not have a line that looks like one of ours.
function continued(text: string): string {
  return text.replace(/[\r\n]+/g, '\n    ')
}

function checkLine({verdict, check, server, accepted, remedy, ...entry}: CheckEntry): string {
  const detail = continued(entry.detail)
  const about = server === undefined ? check : `${check} ${server}`
  if (accepted) return `~ ${about}: ${detail} (accepted until ${accepted.until}: ${accepted.reason})`
  const fix = remedy !== undefined && verdict !== 'pass' && verdict !== 'skip' ? `\n  → ${continued(remedy)}` : ''
  return `${verdictMarks[verdict]} ${about}: ${detail}${fix}`
}
