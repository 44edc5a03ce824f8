// How numbers, times, verdicts and foreign text are written in every report, so that all forms say the same.

import type {Verdict} from '../../lib/errors/verdict.ts'
import type {EntryOf} from '../../lib/journal/entry.ts'

/** What a report shows for a check: its verdict, or `accepted` for a failure that an `accept:` entry covers. */
export type Shown = Verdict | 'accepted'

/** Signs stand beside the word, never instead of it. */
export const signs: Readonly<Record<Shown, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  error: '!',
  skip: '–',
  accepted: '◇',
}

export function shownOf(check: Pick<EntryOf<'check'>, 'verdict' | 'accepted'>): Shown {
  return check.verdict === 'fail' && check.accepted ? 'accepted' : check.verdict
}

/** `1 check`, `2 checks`; give `plural` where an s is not enough. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${numeral(number)} ${number === 1 ? noun : plural}`
}

/** A length of time for people: `840 ms`, `12.4 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** A measured value with its unit; numbers keep four significant digits, because more is noise in a report. */
export function quantity(value: number | string, unit?: string): string {
  const text = typeof value === 'number' ? numeral(value) : value
  return unit ? `${text} ${unit}` : text
}

// One formatter for all: making one costs more than using it a thousand times.
const format = new Intl.NumberFormat('en-US', {maximumFractionDigits: 6})

function numeral(value: number): string {
  return format.format(Number.isInteger(value) ? value : Number(value.toPrecision(4))).replaceAll(',', ' ')
}

/** `2026-11-20 09:48:12 UTC` from an ISO 8601 time; what is no time is given back as it is. */
export function dateTime(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `health`, `health and calls`, `health, calls and tools`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** The first characters of a digest that people compare; the whole stands where it is needed. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha\d+[:-]/, '').slice(0, 12)
}
