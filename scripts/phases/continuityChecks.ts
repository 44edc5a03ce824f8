// The checks of the continuity phase, each a pure function of what the witness saw of one server.
import {populationNames, type ServerSeen} from '../lib/witness/seen.ts'
import {judgeEffects} from './continuityEffects.ts'
import type {ContinuityLimits} from './continuityLimits.ts'
import {judgePopulation, judgeSessions, judgeStreams} from './continuityPopulations.ts'
import {seenPopulations} from './continuitySeen.ts'
import type {Check} from './phase.ts'

/** Every check of one server. */
export function judgeContinuity(seen: ServerSeen, limits: ContinuityLimits): Check[] {
  return [
    ...populationNames.map(name => judgePopulation(name, seen.populations[name])),
    judgeEnd(seen, limits, 'failedLoudly'),
    judgeEnd(seen, limits, 'lostSilently'),
    judgeEnd(seen, limits, 'answeredWrongly'),
    ...judgeEffects(seen.populations.effects, limits),
    judgeSessions(seen),
    ...judgeStreams(seen.populations.stream, limits),
    judgeGap(seen, limits),
  ]
}

const ends = {
  failedLoudly: {
    name: 'failed-loudly',
    told: 'failed with an error that the client saw',
    remedy: 'let calls in flight finish before the old copy stops, or hold requests while there is none',
  },
  lostSilently: {
    name: 'lost-silently',
    told: 'were answered with HTTP 200 and no response',
    remedy: 'the copy that stopped, or a proxy before it, closed its answers unfinished: let it drain first',
  },
  answeredWrongly: {
    name: 'answered-wrongly',
    told: 'were answered with something else than the fleet file expects',
    remedy: 'compare the evidence with expect: of the probe; the new release answers otherwise, or its data is gone',
  },
} as const

function judgeEnd(seen: ServerSeen, limits: ContinuityLimits, end: keyof typeof ends): Check {
  const {name, told, remedy} = ends[end]
  const populations = seenPopulations(seen).flatMap(([population, {calls}]) => (calls ? [{population, calls}] : []))
  const sent = populations.reduce((sum, {calls}) => sum + calls.sent, 0)
  const value = populations.reduce((sum, {calls}) => sum + calls[end], 0)
  const passed = value <= limits[end]
  const where = populations
    .filter(({calls}) => calls[end] > 0)
    .map(({population, calls}) => `${calls[end]} of ${calls.sent} of ${population}`)
  const evidence = populations.flatMap(({population, calls}) =>
    calls.samples
      .filter(sample => sample.end === end)
      .map(({atMs, moment, summary}) => `${population}, ${atMs} ms (after ${moment}): ${summary}`),
  )
  return {
    name,
    verdict: passed ? 'pass' : 'fail',
    detail: value === 0 ? `none of ${sent} calls ${told}` : `${value} of ${sent} calls ${told}: ${where.join(', ')}`,
    value,
    limit: limits[end],
    unit: 'calls',
    remedy: passed ? undefined : remedy,
    evidence: evidence.join('\n') || undefined,
  }
}

function judgeGap(seen: ServerSeen, {gapMs}: ContinuityLimits): Check {
  const gaps = seenPopulations(seen).flatMap(([population, {calls, streams}]) =>
    [...(calls?.gaps ?? []), ...(streams?.gaps ?? [])].map(gap => ({population, ...gap})),
  )
  const [longest, ...others] = gaps.sort((one, other) => other.ms - one.ms)
  const name = 'longest-gap'
  if (longest === undefined) return {name, verdict: 'inconclusive', detail: 'no call was made that could have a gap'}
  const passed = longest.ms <= gapMs
  const place = (gap: typeof longest) =>
    gap.moments.length > 0 ? `around ${gap.moments.join(', ')}` : `after ${gap.since}`
  return {
    name,
    verdict: passed ? 'pass' : 'fail',
    detail: `${longest.population} went ${longest.ms} ms without success, ${place(longest)}`,
    value: longest.ms,
    limit: gapMs,
    unit: 'ms',
    byTime: true,
    remedy: passed ? undefined : 'start the new copy before the old one stops, or find what makes it start slowly',
    evidence:
      others
        .slice(0, 5)
        .map(gap => `${gap.population}: ${gap.ms} ms ${place(gap)}`)
        .join('\n') || undefined,
  }
}
