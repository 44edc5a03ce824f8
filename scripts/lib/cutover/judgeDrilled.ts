// Whether one part of a drill held: a pure check of what recovered, and in what time.
import type {CheckEntry} from '../journal/entry.ts'

export interface Drilled {
  /** Its id: `drill/…`. */
  check: string
  /** What was done, for the sentence `… in 1.4 s`. */
  what: string
  ms: number
  /** What did not recover; undefined when everything did. */
  detail: string | undefined
  /** Why this machine is too busy for a deadline that passed to say anything of a server. */
  busy: string | undefined
  limitSeconds: number
}

export function judgeDrilled({check: id, what, ms, detail, busy, limitSeconds}: Drilled): CheckEntry {
  const check = {
    type: 'check',
    phase: 'drill',
    check: id,
    value: Math.round(ms / 100) / 10,
    limit: limitSeconds,
    unit: 's',
  } as const
  const took = `${what} in ${(ms / 1000).toFixed(1)} s`
  if (detail === undefined && ms <= limitSeconds * 1000) return {...check, verdict: 'pass', detail: took}
  if (detail !== undefined && busy !== undefined)
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `${busy}: ${detail}`,
      remedy: 'run it again when less runs on this machine',
    }
  return {
    ...check,
    verdict: 'fail',
    detail: detail ?? took,
    remedy: 'a rollback of this release would not work: see which server did not start or lost its state',
  }
}
