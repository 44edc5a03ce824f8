import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import type {CallsSeen, PopulationSeen, ServerSeen} from '../../scripts/lib/witness/seen.ts'
import {unwitnessed, type WitnessFact, witnessFacts} from '../../scripts/lib/witness/witnessFacts.ts'
import {continuity} from '../../scripts/phases/continuity.ts'
import {judgeContinuity} from '../../scripts/phases/continuityChecks.ts'
import {defaultContinuityLimits} from '../../scripts/phases/continuityLimits.ts'
import {excused} from '../../scripts/phases/machine/overload.ts'
import type {Check, PhaseContext, ServerPart} from '../../scripts/phases/phase.ts'

const calls = (change: Partial<CallsSeen> = {}): CallsSeen => ({
  sent: 100,
  completed: 100,
  failedLoudly: 0,
  lostSilently: 0,
  answeredWrongly: 0,
  abandoned: 0,
  unfinished: 0,
  heldBack: 0,
  byMoment: {start: {ended: 40, bad: 0}, switch: {ended: 60, bad: 0}},
  kinds: {},
  latencyMs: {p50: 1, p99: 5, max: 9},
  longestGapMs: 20,
  gaps: [{fromMs: 100, ms: 20, since: 'start', moments: ['switch']}],
  samples: [],
  ...change,
})
const sessions = {opened: 10, same: 10, renewed: 0, stranded: 0, ended: 0, notRenewed: 0, sessionless: false}
const streams = {
  opened: 2,
  endedCleanly: 1,
  cut: 1,
  resumed: 2,
  renewed: 0,
  stranded: 0,
  down: 0,
  events: 4,
  longestGapMs: 300,
  gaps: [{fromMs: 100, ms: 300, since: 'switch', moments: []}],
  samples: [{atMs: 100, summary: 'cut: closed'}],
}
const effects = {
  sent: 20,
  found: 20,
  executedTwice: 0,
  failedButExecuted: 0,
  completedButLost: 0,
  ids: {executedTwice: [], failedButExecuted: [], completedButLost: []},
}

function seen(change: Partial<ServerSeen['populations']> = {}): ServerSeen {
  return {
    server: 'memory',
    forMs: 5000,
    moments: [
      {name: 'start', atMs: 0},
      {name: 'switch', atMs: 200},
    ],
    populations: {
      'legacy-in-flight': {state: 'seen', calls: calls(), sessions},
      'legacy-idle': {state: 'seen', calls: calls({gaps: [], longestGapMs: 0}), sessions},
      stream: {state: 'seen', streams},
      modern: {state: 'seen', calls: calls()},
      'official-sdk': {state: 'seen', calls: calls()},
      effects: {state: 'seen', calls: calls(), effects},
      ...change,
    },
  }
}

const judge = (from: ServerSeen) => judgeContinuity(from, defaultContinuityLimits)
const verdicts = (checks: Check[]) => Object.fromEntries(checks.map(({name, verdict}) => [name, verdict]))
const notPassed = (checks: Check[]) =>
  checks.filter(({verdict}) => verdict !== 'pass').map(({name, verdict}) => `${name} ${verdict}`)

test('X2 a change that cost nothing passes every check, each with its numbers', () => {
  const checks = judge(seen())
  assert.deepEqual(notPassed(checks), [])
  const loud = checks.find(({name}) => name === 'failed-loudly')
  assert.deepEqual([loud?.value, loud?.limit, loud?.unit], [0, 0, 'calls'])
  assert.match(loud?.detail ?? '', /none of 500 calls/)
})

for (const [key, name] of [
  ['failedLoudly', 'failed-loudly'],
  ['lostSilently', 'lost-silently'],
  ['answeredWrongly', 'answered-wrongly'],
] as const) {
  test(`X2 one call of ${key} fails exactly the check ${name}, with a remedy and its words`, () => {
    const sample = {atMs: 250, moment: 'switch', end: key, kind: 'x', summary: 'tools/call echo: what was seen'}
    const checks = judge(seen({modern: {state: 'seen', calls: calls({completed: 99, [key]: 1, samples: [sample]})}}))
    assert.deepEqual(notPassed(checks), [`${name} fail`])
    const check = checks.find(one => one.name === name)
    assert.ok(check?.remedy)
    assert.match(check.detail, /1 of 500 calls .*: 1 of 100 of modern/)
    assert.match(check.evidence ?? '', /modern, 250 ms \(after switch\): tools\/call echo: what was seen/)
    assert.deepEqual([check.value, check.limit], [1, 0])
  })
}

for (const [change, name] of [
  [{executedTwice: 1}, 'executed-twice'],
  [{completedButLost: 1}, 'effects-kept'],
] as const) {
  test(`X2 one counted call with ${JSON.stringify(change)} fails exactly ${name}`, () => {
    const population: PopulationSeen = {state: 'seen', calls: calls(), effects: {...effects, ...change}}
    assert.deepEqual(notPassed(judge(seen({effects: population}))), [`${name} fail`])
  })
}

test('X2 effects that could not be read, or are not counted, prove nothing about doubled calls', () => {
  const unread: PopulationSeen = {state: 'seen', calls: calls(), effects: {...effects, unread: 'HTTP 500'}}
  const {'executed-twice': twice, 'effects-kept': kept} = verdicts(judge(seen({effects: unread})))
  assert.deepEqual([twice, kept], ['inconclusive', 'inconclusive'])
  const none: PopulationSeen = {state: 'skipped', reason: 'no counting tool is declared for this server'}
  const skipped = verdicts(judge(seen({effects: none})))
  assert.deepEqual([skipped['executed-twice'], skipped['population-effects']], ['skip', 'skip'])
})

test('X2 stranded sessions fail with a remedy that names 404; sessions that started over do not', () => {
  const stranded: PopulationSeen = {state: 'seen', calls: calls(), sessions: {...sessions, same: 8, stranded: 2}}
  const checks = judge(seen({'legacy-idle': stranded}))
  assert.deepEqual(notPassed(checks), ['sessions fail'])
  const check = checks.find(({name}) => name === 'sessions')
  assert.match(check?.detail ?? '', /2 sessions were stranded \(2 of 10 of legacy-idle\)/)
  assert.match(check?.remedy ?? '', /404/)
  const renewed: PopulationSeen = {
    state: 'seen',
    calls: calls(),
    sessions: {...sessions, same: 0, renewed: 10, ended: 10},
  }
  assert.deepEqual(notPassed(judge(seen({'legacy-idle': renewed}))), [])
})

test('X2 streams may end, but must be back, and soon', () => {
  for (const change of [{down: 1}, {stranded: 1}, {longestGapMs: 15_001}])
    assert.deepEqual(notPassed(judge(seen({stream: {state: 'seen', streams: {...streams, ...change}}}))), [
      'streams fail',
    ])
})

test('X2 the longest gap has a limit of 15 s, and tells the moment in which it lies', () => {
  const gap = {fromMs: 100, ms: 15_001, since: 'start', moments: ['switch', 'started']}
  const checks = judge(seen({modern: {state: 'seen', calls: calls({gaps: [gap]})}}))
  assert.deepEqual(notPassed(checks), ['longest-gap fail'])
  assert.match(checks.at(-1)?.detail ?? '', /modern went 15001 ms without success, around switch, started/)
})

const part = continuity.server as ServerPart<{witness: WitnessFact | undefined}>
const observe = (entries: Entry[]) =>
  part.observe({entries: () => entries} as unknown as PhaseContext, {name: 'memory'} as never)
const at = '2026-01-01T00:00:00.000Z'

test('a long gap is no fault of a server on an overloaded machine: the check says by time, and on which load', async () => {
  const load = {load: 31, cores: 2, ownWork: 0.1, ms: 20_000}
  const gap = {fromMs: 100, ms: 15_001, since: 'start', moments: []}
  const one = seen({modern: {state: 'seen', calls: calls({gaps: [gap]})}})
  const facts = [...witnessFacts({memory: one}), {type: 'fact', name: 'machine.witness', value: load} as const]
  const checks = part.judge(await observe(facts.map(fact => ({...fact, at}))), {} as never)
  const found = checks.find(({name}) => name === 'longest-gap')
  assert.ok(found !== undefined)
  assert.equal(found.verdict, 'fail')
  assert.equal(excused(found, found.load ?? {...load, load: 0}).verdict, 'skip')
  assert.equal(excused(found, {...load, load: 1}).verdict, 'fail')
})

test('X2 a population of another era is skipped with its reason, one that could not be opened proves nothing', () => {
  const skipped: PopulationSeen = {state: 'skipped', reason: 'the server does not speak the modern era (404)'}
  const unopened: PopulationSeen = {state: 'unopened', reason: 'refused'}
  const checks = judge(seen({modern: skipped, 'official-sdk': unopened}))
  assert.deepEqual(notPassed(checks), ['population-modern skip', 'population-official-sdk inconclusive'])
  assert.match(checks.find(({name}) => name === 'population-modern')?.detail ?? '', /does not speak the modern era/)
  const silent: PopulationSeen = {state: 'seen', calls: calls({byMoment: {start: {ended: 100, bad: 0}}})}
  assert.deepEqual(notPassed(judge(seen({modern: silent}))), ['population-modern inconclusive'])
})

test('the newest witness of this server is read from the journal', async () => {
  const older = {...seen(), forMs: 1}
  const facts = [older, seen()].flatMap(one => witnessFacts({memory: one, other: {...seen(), server: 'other'}}))
  const {witness} = await observe(facts.map(fact => ({...fact, at})))
  assert.deepEqual(witness, seen())
  assert.deepEqual(JSON.parse(JSON.stringify(witness)), seen(), 'it survives the journal')
})

test('too few calls during the change, or no witness at all, are inconclusive evidence', async () => {
  const {witness} = await observe([])
  const none = part.evidence({witness})
  assert.deepEqual([none.have, none.need], [0, 20])
  const few = calls({byMoment: {start: {ended: 96, bad: 0}, switch: {ended: 3, bad: 0}}})
  const population: PopulationSeen = {state: 'seen', calls: few}
  const names = ['legacy-in-flight', 'legacy-idle', 'modern', 'official-sdk', 'effects'] as const
  const thin = part.evidence({witness: seen(Object.fromEntries(names.map(name => [name, population])))})
  assert.deepEqual([thin.have, thin.need], [15, 20])
  const enough = part.evidence({witness: seen()})
  assert.deepEqual([enough.have, enough.need], [300, 20])
})

test('a first deploy has nobody to hold, which is told as a skip', async () => {
  const {witness} = await observe([{...unwitnessed('memory', 'nothing was live before this deploy'), at}])
  const {have, need} = part.evidence({witness})
  assert.ok(have >= need)
  assert.deepEqual(part.judge({witness}, {} as never), [
    {name: 'witnessed', verdict: 'skip', detail: 'nothing was live before this deploy'},
  ])
})
