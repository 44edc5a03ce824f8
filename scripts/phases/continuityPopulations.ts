// Judges the populations of the witness one by one: were there any, and what became of their sessions and streams.
import type {CallsSeen, PopulationName, PopulationSeen, ServerSeen, SessionsSeen} from '../lib/witness/seen.ts'
import type {ContinuityLimits} from './continuityLimits.ts'
import {duringChange, seenPopulations} from './continuitySeen.ts'
import type {Check} from './phase.ts'

/** Whether this population bears witness at all: what it did is judged by the other checks. */
export function judgePopulation(name: PopulationName, population: PopulationSeen): Check {
  const check = `population-${name}`
  if (population.state === 'skipped') return {name: check, verdict: 'skip', detail: population.reason}
  if (population.state === 'unopened') {
    return {
      name: check,
      verdict: 'inconclusive',
      detail: `could not be opened before the change: ${population.reason}`,
      remedy: 'the server must answer before it is changed: see its health ladder in the last run',
    }
  }
  const {calls, streams, note} = population
  const noted = note === undefined ? '' : `; ${note}`
  if (calls === undefined) {
    const opened = streams?.opened ?? 0
    return {name: check, verdict: 'pass', detail: `${opened} streams were open${noted}`, value: opened, unit: 'streams'}
  }
  const during = duringChange(calls)
  const numbers = {value: during, limit: 1, unit: 'calls'}
  if (during === 0) {
    return {
      name: check,
      verdict: 'inconclusive',
      detail: `made no call during the change (${calls.sent} before it)`,
      remedy: 'mark the moments of the change, or make more calls per second',
      ...numbers,
    }
  }
  return {name: check, verdict: 'pass', detail: `${told(calls, during)}${noted}`, ...numbers}
}

function told({sent, completed, latencyMs, heldBack}: CallsSeen, during: number): string {
  const {p50, p99, max} = latencyMs
  const held = heldBack === 0 ? '' : `; ${heldBack} more were due while all of its clients waited`
  return `${completed} of ${sent} calls completed, ${during} during the change, in ${p50} ms (p50), ${p99} ms (p99), at most ${max} ms${held}`
}

/** A session may be ended with 404, which makes a client start over; any other refusal strands it. */
export function judgeSessions(seen: ServerSeen): Check {
  const name = 'sessions'
  const all = seenPopulations(seen).flatMap(([population, {sessions, calls}]) =>
    sessions !== undefined && sessions.opened > 0 ? [{population, sessions, calls}] : [],
  )
  if (all.length === 0)
    return {name, verdict: 'skip', detail: 'no session was open: the server has none, or no clients'}
  const count = (key: 'opened' | 'same' | 'renewed' | 'stranded') =>
    all.reduce((sum, {sessions}) => sum + sessions[key], 0)
  const evidence = all
    .flatMap(({population, sessions, calls}) => [
      `${population}: ${describe(sessions)}`,
      ...(sessions.stranded > 0 ? (calls?.samples ?? []).slice(0, 2).map(sample => `  ${sample.summary}`) : []),
    ])
    .join('\n')
  const numbers = {value: count('stranded'), limit: 0, unit: 'stranded', evidence}
  if (count('stranded') === 0)
    return {
      name,
      verdict: 'pass',
      detail: `of ${count('opened')} sessions ${count('same')} went on, ${count('renewed')} were ended with 404 and started over`,
      ...numbers,
    }
  const where = all
    .filter(({sessions}) => sessions.stranded > 0)
    .map(({population, sessions}) => `${sessions.stranded} of ${sessions.opened} of ${population}`)
  return {
    name,
    verdict: 'fail',
    detail: `${count('stranded')} sessions were stranded (${where.join(', ')}): refused with something else than 404`,
    remedy: 'let the ingress answer 404 for sessions of a copy that ended: a client starts over on 404 only',
    ...numbers,
  }
}

function describe({opened, same, renewed, stranded, notRenewed, sessionless}: SessionsSeen): string {
  const noIds = sessionless ? ', the server gives out no session ids' : ''
  return `${opened} opened, ${same} went on, ${renewed} started over, ${stranded} stranded, ${notRenewed} attempts to start over failed${noIds}`
}

/** A stream may end, cleanly or not, as long as it can be opened again soon. */
export function judgeStreams(population: PopulationSeen, {gapMs}: ContinuityLimits): Check[] {
  if (population.state !== 'seen' || population.streams === undefined) return []
  const {opened, endedCleanly, cut, resumed, renewed, stranded, down, longestGapMs, samples} = population.streams
  const lost = stranded + down
  const passed = lost === 0 && longestGapMs <= gapMs
  const ended = `${endedCleanly} ended cleanly, ${cut} cut; ${resumed} opened again, ${renewed} in a new session`
  return [
    {
      name: 'streams',
      verdict: passed ? 'pass' : 'fail',
      detail: `${opened} streams: ${ended}; ${lost} not back; longest without one ${longestGapMs} ms`,
      value: lost,
      limit: 0,
      unit: 'streams',
      remedy: passed
        ? undefined
        : 'clients that listen miss what is said meanwhile: let a stream be opened again at once',
      evidence: samples.map(({atMs, summary}) => `${atMs} ms: ${summary}`).join('\n') || undefined,
    },
  ]
}
