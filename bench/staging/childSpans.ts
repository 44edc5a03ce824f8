// Finds in a journal every span of time in which a run waited for somebody else: a server, a command, a steady time.

import type {Waited} from '../../scripts/lib/async/timed.ts'
import type {Entry, EntryOf} from '../../scripts/lib/journal/entry.ts'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {waitedMs} from './waiting.ts'

/** Times in milliseconds since 1970. `waitMs` is the part of the span that was waiting, which may be less than all. */
export interface Span {
  what: string
  from: number
  to: number
  waitMs: number
}

/** Spans in no order; those of one server and of different servers may overlap. */
export function childSpans(entries: readonly Entry[]): Span[] {
  return [commandSpans, startSpans, observationSpans, declaredSpans, clientSpans].flatMap(spans => spans(entries))
}

// The drain of an old instance waits for its clients until a declared deadline; the witness observes for a declared time.
function declaredSpans(entries: readonly Entry[]): Span[] {
  return entriesOf(entries, 'fact')
    .filter(({name}) => name.startsWith('drained.') || name === 'watched-on')
    .map(fact => spanOf(fact.name, fact, (fact.value as {ms: number}).ms))
}

// Held clients are opened and ended by requests to servers; only the time in which our process did not work counts.
function clientSpans(entries: readonly Entry[]): Span[] {
  return entriesOf(entries, 'fact')
    .filter(({name}) => name === 'clients-opened' || name === 'clients-ended')
    .map(fact => {
      const {ms, waitedMs} = fact.value as Waited
      return {...spanOf(fact.name, fact, ms), waitMs: waitedMs}
    })
}

// Commands act on servers of others, but for those that start and stop the ingress: it is ours.
function commandSpans(entries: readonly Entry[]): Span[] {
  return entriesOf(entries, 'command')
    .filter(({state, why}) => state === 'finished' && !/ ingress$/.test(why))
    .map(command => spanOf(command.why, command, command.ms ?? 0))
}

// From the start of a server's command until all health levels passed.
function startSpans(entries: readonly Entry[]): Span[] {
  const started = entriesOf(entries, 'check')
    .filter(({check}) => check === 'deploy/ready')
    .map(check => spanOf(`${check.check} ${check.server}`, check, Number(check.value)))
  const drilled = entriesOf(entries, 'fact')
    .filter(({name}) => name === 'drill.changed')
    .map(fact => ({fact, ...(fact.value as {server: string; ms: number})}))
    .map(({fact, server, ms}) => spanOf(`${fact.name} ${server}`, fact, ms))
  return [...started, ...drilled]
}

function observationSpans(entries: readonly Entry[]): Span[] {
  const checks = entriesOf(entries, 'check')
  return entriesOf(entries, 'fact').flatMap(fact => {
    const [, phase, server] = /^observed\.(\w+)\.(.+)$/.exec(fact.name) ?? []
    if (phase === undefined || server === undefined) return []
    // Every check of an observation carries the time that the observation took.
    const tookMs = checks.find(check => check.phase === phase && check.server === server && check.at >= fact.at)?.ms
    if (tookMs === undefined) return []
    const span = spanOf(fact.name, fact, tookMs)
    return [{...span, waitMs: Math.min(span.waitMs, waitedMs(phase, fact.value))}]
  })
}

function spanOf(what: string, {at}: Pick<EntryOf<'fact'>, 'at'>, ms: number): Span {
  const to = Date.parse(at)
  return {what, from: to - ms, to, waitMs: ms}
}
