// The judges of the health phase: plain data in, verdicts out.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Climb} from '../../scripts/lib/mcp/ladder.ts'
import type {ProgramStatus} from '../../scripts/lib/target/target.ts'
import type {HealthAnswer} from '../../scripts/phases/healthAnswer.ts'
import {
  judgeIsolated,
  judgeLadder,
  judgeLogVolume,
  judgeOpinion,
  judgeOwnPath,
  judgeResources,
  judgeSteady,
} from '../../scripts/phases/healthChecks.ts'
import {judgeSameForm} from '../../scripts/phases/healthForm.ts'
import type {Steady} from '../../scripts/phases/healthSeen.ts'
import {programStatus} from '../lib/instance/programStatus.ts'
import {settingsOf} from './phaseRig.ts'

const probed = settingsOf({probe: {tool: 'echo'}, health: '/ping', limits: {healthMs: 1000, memoryMegabytes: 100}})
const rung = (name: string, ok: boolean, more: object = {}) => ({
  name,
  ok,
  informative: false,
  kind: 'ok',
  ms: 5.4,
  summary: `${name} said`,
  ...more,
})
const climb = (more: Partial<Climb> = {}): Climb => ({
  holds: true,
  reached: 'call',
  depth: 'call',
  rungs: [rung('tcp', true), rung('http', true, {status: 200}), rung('call', true)] as Climb['rungs'],
  ms: 40.6,
  summary: 'reached call',
  era: 'legacy',
  protocolVersion: '2025-11-25',
  ...more,
})

const ladders: [string, Climb, typeof probed, string, string][] = [
  ['holds', climb(), probed, 'pass', 'reached call in 41 ms (legacy era, 2025-11-25)'],
  ['does not hold', climb({holds: false, summary: 'call: the tool fails'}), probed, 'fail', 'call: the tool fails'],
  ['holds, too late', climb({ms: 1000.6}), probed, 'fail', 'reached call, but took 1001 ms'],
  ['holds at the limit', climb({ms: 1000}), probed, 'pass', 'reached call in 1000 ms (legacy era, 2025-11-25)'],
  ['holds without a probe', climb({summary: 'reached list'}), settingsOf(), 'inconclusive', 'reached list'],
  [
    'does not hold without a probe',
    climb({holds: false, summary: 'tcp: refused'}),
    settingsOf(),
    'fail',
    'tcp: refused',
  ],
]
for (const [name, seen, settings, verdict, detail] of ladders) {
  test(`A2 C4 a ladder that ${name} is ${verdict}`, () => {
    const check = judgeLadder('ladder-inside', seen, settings)
    assert.deepEqual([check.name, check.verdict, check.detail], ['ladder-inside', verdict, detail])
    assert.deepEqual([check.value, check.limit, check.unit], [Math.round(seen.ms), settings.limits.healthMs, 'ms'])
    assert.equal(check.remedy === undefined, verdict === 'pass')
    assert.equal(check.evidence?.split('\n')[0], '✓ tcp 5 ms  tcp said')
  })
}

test('two clients must agree, and the one that does not is named', () => {
  const good = judgeOpinion(climb(), {ok: true, tools: ['a', 'b'], ms: 12.3})
  assert.deepEqual([good.verdict, good.detail], ['pass', 'the official SDK client agrees: 2 tools in 12 ms'])
  const other = {ok: false, stage: 'list', error: 'bad schema', tools: [], ms: 1} as const
  const alone = judgeOpinion(climb(), {...other, tools: []})
  assert.deepEqual(
    [alone.verdict, alone.detail],
    ['fail', 'the official SDK client failed at list: bad schema; our own client did not'],
  )
  const both = judgeOpinion(climb({holds: false}), {...other, tools: []})
  assert.deepEqual([both.verdict, both.remedy], ['fail', 'the server is at fault: two clients failed'])
})

const steady = (more: Partial<Steady> = {}): Steady => ({
  forMs: 2000,
  climbs: 8,
  failures: [],
  before: programStatus(),
  after: programStatus(),
  sinceStart: true,
  lookedAtMs: 0,
  ...more,
})

const steadiness: [string, Steady, [string, string, string][]][] = [
  [
    'the same process and every climb held',
    steady(),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'pass', 'the same process throughout (10), no restart since its start'],
    ],
  ],
  [
    'climbs failed',
    steady({failures: ['call: refused', 'call: refused']}),
    [
      ['steady', 'fail', '6 of 8 climbs held over 2 s'],
      ['restarts', 'pass', 'the same process throughout (10), no restart since its start'],
    ],
  ],
  [
    'it ended in between',
    steady({after: programStatus({restarts: 1, identity: '11@600', lastExit: '137'})}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'fail', '1 restarts since its start, last killed (SIGKILL), another process answers now'],
    ],
  ],
  [
    'it was ended for its memory',
    steady({after: programStatus({restarts: 1, identity: '11@600', lastExit: 'memory'})}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'fail', '1 restarts since its start, the last over its memory limit, another process answers now'],
    ],
  ],
  [
    'it ended before it was looked at, in a rehearsal',
    steady({before: programStatus({restarts: 2}), after: programStatus({restarts: 2, lastExit: '1'})}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'fail', '2 restarts since its start, last exit 1, another process answers now'],
    ],
  ],
  [
    'it ended weeks ago, live',
    steady({before: programStatus({restarts: 2}), after: programStatus({restarts: 2}), sinceStart: false}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'pass', 'the same process throughout (10), no restart in 2 s; 2 before that'],
    ],
  ],
  [
    'another process took its place without a restart being counted',
    steady({after: programStatus({identity: '10@900'})}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'fail', '0 restarts since its start, another process answers now'],
    ],
  ],
  [
    'it does not run',
    steady({after: programStatus({running: false, restarts: 10, identity: '-@-', lastExit: 'gave-up'})}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'fail', '10 restarts since its start, its supervisor gave up, it does not run now'],
    ],
  ],
  [
    'the target does not show it',
    steady({after: undefined}),
    [
      ['steady', 'pass', '8 of 8 climbs held over 2 s'],
      ['restarts', 'inconclusive', 'the target does not show this server'],
    ],
  ],
]
for (const [name, seen, expected] of steadiness) {
  test(`A2 steadiness when ${name}`, () => {
    const checks = judgeSteady(seen, probed)
    assert.deepEqual(
      checks.map(check => [check.name, check.verdict, check.detail]),
      expected,
    )
  })
}

test("the server's own path is judged where it has one, and where it was asked", () => {
  const of = (rungs: object[]) => judgeOwnPath(climb({rungs: rungs as Climb['rungs']}), probed)
  assert.deepEqual(judgeOwnPath(climb(), settingsOf()), [])
  assert.deepEqual(
    [of([rung('http', true, {status: 200})]), of([rung('http', false, {status: 404})]), of([rung('tcp', false)])].map(
      ([check]) => [check?.verdict, check?.value],
    ),
    [
      ['pass', 200],
      ['fail', 404],
      ['inconclusive', undefined],
    ],
  )
})

test('memory is compared with its limit, where there is one', () => {
  const of = (memoryMegabytes: number | undefined) =>
    judgeResources(programStatus({memoryMegabytes}), probed)[0]?.verdict
  assert.deepEqual([of(99), of(100), of(101), of(undefined)], ['pass', 'pass', 'fail', 'inconclusive'])
  assert.equal(judgeResources(undefined, probed)[0]?.verdict, 'inconclusive')
  assert.deepEqual(judgeResources(programStatus(), settingsOf()), [])
})

test('A2 health answers have one form when their keys are the same, whatever their values', () => {
  const answer = (form: string[], json = true): HealthAnswer => ({
    url: 'u',
    transport: 'ok',
    status: 200,
    ms: 1,
    json,
    says: 'ok',
    form,
    text: '',
  })
  const one = answer(['detail:null', 'status:string'])
  const same = judgeSameForm({a: one, b: answer(['detail:object', 'status:string'])})
  assert.deepEqual([same.verdict, same.detail], ['pass', '2 servers answer with the same keys'])
  const two = judgeSameForm({a: one, b: answer(['status:string'])})
  assert.deepEqual([two.verdict, two.value, two.evidence], ['fail', 2, 'a: detail, status\nb: status'])
  assert.equal(judgeSameForm({a: answer([], false), b: answer([], false)}).verdict, 'fail', 'no JSON is no form')
})

test('X3 more log within an hour than declared is a failure, as long as it is not long ago', () => {
  const settings = settingsOf({limits: {logMegabytes: 20}})
  const nowMs = 10_000_000
  const judged = (logRotated: ProgramStatus['logRotated']) =>
    judgeLogVolume(programStatus({logRotated}), settings, nowMs).map(({verdict}) => verdict)
  const noisy = {atMs: nowMs - 60_000, megabytes: 120.4, seconds: 6}
  assert.deepEqual(judged(noisy), ['fail'])
  assert.deepEqual(judged(undefined), ['pass'])
  assert.deepEqual(judged({...noisy, seconds: 3601}), ['pass'], 'it took longer')
  assert.deepEqual(judged({...noisy, atMs: nowMs - 3_601_000}), ['pass'], 'it was long ago')
  assert.deepEqual(judged({...noisy, megabytes: 3}), ['pass'], 'most of that log was there before')
  const [check] = judgeLogVolume(programStatus({logRotated: noisy}), settings, nowMs)
  assert.deepEqual(
    [check?.detail, check?.value, check?.limit, check?.unit],
    ['logged 120 MB within 6 s', 120, 20, 'MB'],
  )
  assert.deepEqual(judgeLogVolume(undefined, settings, nowMs), [])
})

test('A3 a server that could not be isolated is named and never passed over', () => {
  assert.equal(judgeIsolated([programStatus()]).verdict, 'pass')
  const open = judgeIsolated([programStatus(), programStatus({name: 'two', unisolated: true})])
  assert.deepEqual([open.verdict, open.value], ['skip', 1])
  assert.match(open.detail, /^two: started without isolation/)
})
