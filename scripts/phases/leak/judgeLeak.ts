// Judges what a visit costs by the side of the limit on which its interval lies; an interval across it proves nothing.
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import type {Check} from '../phase.ts'
import {type Estimates, estimatesOf, sideOf} from './estimates.ts'
import type {LeakSeen} from './leakSeen.ts'
import type {Slope} from './theilSen.ts'

export function judgeLeak(seen: LeakSeen, {limits}: FleetServer): Check[] {
  const estimates = estimatesOf(seen)
  const told = {seen, estimates, limit: limits.leakKilobytesPerSession}
  return [judgeAbandoned(told), judgeTerminated(told)]
}

interface Told {
  seen: LeakSeen
  estimates: Estimates
  /** KiB for each visit. */
  limit: number
}

function judgeAbandoned(told: Told): Check {
  const name = 'abandoned'
  const what = `an abandoned ${told.seen.visit} costs`
  const remedy =
    'let the server end what nobody uses (an idle timeout, a cap), so that clients which vanish cannot fill its memory'
  return {name, ...judged(told, told.estimates.abandoned, what, 'more than one that was ended', remedy)}
}

function judgeTerminated(told: Told): Check {
  const name = 'terminated'
  const what = `a ${told.seen.visit} that was ended keeps`
  const remedy = 'find what still refers to it: a heap snapshot after some hundred of them names it'
  return {name, ...judged(told, told.estimates.terminated, what, 'in memory', remedy)}
}

function judged(
  {seen, estimates, limit}: Told,
  slope: Slope | undefined,
  what: string,
  than: string,
  remedy: string,
): Omit<Check, 'name'> {
  const visits = seen.rounds.at(-1)?.visits ?? 0
  if (seen.fell !== undefined)
    return {
      verdict: 'inconclusive',
      detail: `after ${visits} ${seen.visit}s ${seen.fell}: nothing can be told of what ${what}`,
      remedy: 'find out why it ends under plain visits: a rehearsal keeps its log in the journal',
    }
  if (slope === undefined)
    return {
      verdict: 'inconclusive',
      detail: `${seen.rounds.length} rounds are too few to tell what ${what}: ${seen.ended}`,
      remedy: 'raise limits.leakSeconds, or find out why it is so slow',
    }
  const interval = `${kilobytes(slope.slope)} KiB ${than} (99 %: ${kilobytes(slope.low)} to ${kilobytes(slope.high)}), ${visits} ${seen.visit}s`
  const numbers = {
    value: Number(kilobytes(slope.slope)),
    limit,
    unit: `KiB/${seen.visit}`,
    evidence: evidenceOf(seen, estimates),
  }
  const side = sideOf(slope, limit * 1024)
  if (side === 'below') return {verdict: 'pass', detail: `${what} ${interval}`, ...numbers}
  if (side === 'above') return {verdict: 'fail', detail: `${what} ${interval}`, remedy, ...numbers}
  return {
    verdict: 'inconclusive',
    detail: `${what} ${interval}: the interval holds the limit of ${limit}; ${seen.ended}`,
    remedy: 'raise limits.leakSeconds, or set limits.leakKilobytesPerSession outside the interval',
    ...numbers,
  }
}

function evidenceOf({rounds, failed}: LeakSeen, {measured, resident}: Estimates): string {
  const how =
    measured === 'live'
      ? 'live memory, after garbage was collected'
      : 'resident memory, garbage included: no program told its live memory'
  const also =
    resident === undefined
      ? ''
      : `\nresident memory differs by ${kilobytes(resident.slope)} KiB (${kilobytes(resident.low)} to ${kilobytes(resident.high)})`
  const lines = rounds.map(({visits, abandoned, terminated}) => {
    const of = (memory: {live: number | undefined; resident: number}) =>
      kilobytes(measured === 'live' ? (memory.live ?? 0) : memory.resident)
    return `${visits}: ${of(abandoned)} abandoned, ${of(terminated)} terminated`
  })
  return `${how}, KiB after as many visits; ${failed} failed\n${lines.join('\n')}${also}`
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1)
}
