// The engine of phases: what was seen is journaled, then judged; thin evidence and faults of ours are never a pass or a fail.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import type {Phase} from '../../scripts/phases/phase.ts'
import {brief, ran, settingsOf} from './phaseRig.ts'

type Seen = {n: number}
const phase: Phase<Seen, number[]> = {
  name: 'sample',
  title: 'A sample',
  deadlineMs: () => 5000,
  server: {
    observe: async (_, server) => ({n: server.name.length}),
    evidence: ({n}) => ({have: n, need: 1, what: 'letters'}),
    judge: ({n}) => [{name: 'short', verdict: n > 3 ? 'fail' : 'pass', detail: `${n} letters`, value: n, limit: 3}],
  },
}
const server = (observe: NonNullable<typeof phase.server>['observe']): Phase<Seen, number[]> => ({
  ...phase,
  server: {...(phase.server as NonNullable<typeof phase.server>), observe},
})
const seenBy = (checks: {check: string; verdict: string; detail: string}[]) =>
  brief(checks.map(({check, ...rest}) => ({name: check, ...rest}) as never))

test('what was seen is journaled before what was judged of it, per server', async () => {
  const {checks, recorded} = await ran(phase, {servers: [settingsOf({}, 'one'), settingsOf({}, 'three')]})
  assert.deepEqual(seenBy(checks), [
    ['sample/short', 'pass', '3 letters'],
    ['sample/short', 'fail', '5 letters'],
  ])
  assert.deepEqual(
    recorded.filter(entry => JSON.stringify(entry).includes('three')),
    [
      {type: 'fact', name: 'observed.sample.three', value: {n: 5}},
      {
        type: 'check',
        phase: 'sample',
        check: 'sample/short',
        server: 'three',
        verdict: 'fail',
        detail: '5 letters',
        value: 5,
        limit: 3,
        acceptable: true,
        ms: checks[1]?.ms,
      },
    ],
  )
})

test('an old journal is judged again under new limits, from what it holds alone', async () => {
  const {recorded} = await ran(phase)
  const fact = recorded.find(entry => entry.type === 'fact')
  const judged = phase.server?.judge(
    JSON.parse(JSON.stringify(fact?.type === 'fact' ? fact.value : null)) as Seen,
    settingsOf(),
  )
  assert.deepEqual(brief(judged ?? []), [['short', 'pass', '3 letters']])
})

test('an observation that throws is an error, never a failure, and has no fact', async () => {
  const {checks, recorded} = await ran(server(() => Promise.reject(new Error('broken phase'))))
  assert.equal(checks.length, 1)
  assert.deepEqual([checks[0]?.check, checks[0]?.verdict], ['sample/observed', 'error'])
  assert.match(checks[0]?.detail ?? '', /^could not be observed: Error: broken phase\n/)
  assert.equal(
    recorded.some(entry => entry.type === 'fact'),
    false,
  )
})

test('an observation that outlasts its deadline is an error that says so, and is told to end', async () => {
  let ended: unknown
  const endless = server(async ({signal}) => {
    await pause(10_000, undefined, {signal}).catch(() => {
      ended = signal.reason
    })
    return {n: 1}
  })
  const {checks} = await ran({...endless, deadlineMs: () => 30})
  assert.deepEqual(seenBy(checks), [
    ['sample/observed', 'error', 'could not be observed: the deadline of 30 ms passed: phase sample of one'],
  ])
  await pause(1)
  assert.match(String(ended), /the deadline of 30 ms passed/)
})

test('a cancelled run judges nothing', async () => {
  const controller = new AbortController()
  const cancelled = server(async () => {
    controller.abort(new Error('cancelled by SIGINT'))
    controller.signal.throwIfAborted()
    return {n: 1}
  })
  await assert.rejects(ran(cancelled, {signal: controller.signal}), /cancelled by SIGINT/)
})

test('too little evidence is inconclusive, whatever the judge would say', async () => {
  const thin = {
    ...phase,
    server: {
      ...(phase.server as NonNullable<typeof phase.server>),
      evidence: () => ({have: 2, need: 3, what: 'climbs'}),
    },
  }
  const {checks} = await ran(thin)
  assert.deepEqual(seenBy(checks), [['sample/evidence', 'inconclusive', '2 of 3 climbs: too little to judge']])
  assert.deepEqual([checks[0]?.value, checks[0]?.limit], [2, 3])
})

test('a judge that says nothing is inconclusive, one that throws is an error', async () => {
  const own = phase.server as NonNullable<typeof phase.server>
  const silent = await ran({...phase, server: {...own, judge: () => []}})
  assert.deepEqual(seenBy(silent.checks), [['sample/evidence', 'inconclusive', '3 letters, but no check came of it']])
  const broken = await ran({
    ...phase,
    server: {
      ...own,
      judge: () => {
        throw new Error('broken judge')
      },
    },
  })
  assert.deepEqual([broken.checks[0]?.check, broken.checks[0]?.verdict], ['sample/judged', 'error'])
})

test('a server that a phase does not look at is a skip with its reason, and is not touched', async () => {
  const own = phase.server as NonNullable<typeof phase.server>
  const observe = () => assert.fail('it should not be touched')
  const {checks} = await ran({...phase, server: {...own, observe, skip: () => 'it has none'}})
  assert.deepEqual(seenBy(checks), [['sample/applies', 'skip', 'it has none']])
})

test('the fleet is judged once, after its servers, with what was seen of those that could be seen', async () => {
  const whole: Phase<Seen, number[]> = {
    ...server(async (_, {name}) => {
      if (name === 'bad') throw new Error('bad')
      return {n: name.length}
    }),
    fleet: {
      observe: async (_, servers) => [...servers.values()].map(({n}) => n),
      evidence: seen => ({have: seen.length, need: 1, what: 'servers'}),
      judge: seen => [{name: 'sum', verdict: 'pass', detail: seen.join('+')}],
    },
  }
  const {checks, recorded} = await ran(whole, {servers: ['one', 'bad', 'two'].map(name => settingsOf({}, name))})
  assert.deepEqual(seenBy(checks.slice(-1)), [['sample/sum', 'pass', '3+3']])
  assert.equal(checks.at(-1)?.server, undefined)
  assert.deepEqual(recorded.at(-2), {type: 'fact', name: 'observed.sample', value: [3, 3]})
  const none = await ran(whole, {servers: [settingsOf({}, 'bad')]})
  assert.deepEqual(seenBy(none.checks.slice(-1)), [
    ['sample/evidence', 'inconclusive', '0 of 1 servers: too little to judge'],
  ])
})

test('an error cannot be accepted', async () => {
  const accept = [{check: 'sample/observed', reason: 'known for long', until: '2027-01-01'}]
  const {checks} = await ran(
    server(() => Promise.reject(new Error('x'))),
    {accept},
  )
  assert.deepEqual([checks[0]?.verdict, checks[0]?.accepted], ['error', undefined])
})

test('a failure that the fleet file accepts is marked, and nothing else is', async () => {
  const accept = [{check: 'sample/short', server: 'three', reason: 'known for long', until: '2027-01-01'}]
  const {checks} = await ran(phase, {servers: ['one', 'three', 'seven'].map(name => settingsOf({}, name)), accept})
  assert.deepEqual(
    checks.map(({server: name, verdict, accepted}) => [name, verdict, accepted]),
    [
      ['one', 'pass', undefined],
      ['three', 'fail', {reason: 'known for long', until: '2027-01-01'}],
      ['seven', 'fail', undefined],
    ],
  )
})

const earlier = {run: '20261120-101500-staging-0001', at: '2026-11-20T10:15:00.000Z'}
const carrying = (phase: Phase<Seen, number[]>): Phase<Seen, number[]> => ({...phase, carries: true})
const never = server(() => Promise.reject(new Error('it was looked at')))

test('B8 what an earlier run saw is judged by the limits of today, says whose it is, and is journaled again', async () => {
  const carryOver = {basis: () => 'of today', find: () => ({...earlier, seen: {n: 5}})}
  const {checks, recorded} = await ran(carrying(never), {carryOver})
  const [one] = checks
  assert.deepEqual(
    [one?.check, one?.verdict, one?.detail, one?.carried],
    ['sample/short', 'fail', `5 letters (as run ${earlier.run} saw it)`, earlier],
  )
  // Without a basis of its own: a later run finds the one that looked, and its age.
  assert.deepEqual(
    recorded.flatMap(entry => (entry.type === 'fact' ? [[entry.name, entry.value]] : [])),
    [['observed.sample.one', {n: 5}]],
  )
})

test('B8 where there is nothing to carry over it is looked at, and what it depended on goes with what was seen', async () => {
  const carryOver = {basis: () => 'of today', find: () => undefined}
  const {checks, recorded} = await ran(carrying(phase), {carryOver})
  assert.deepEqual([checks[0]?.detail, checks[0]?.carried], ['3 letters', undefined])
  assert.deepEqual(
    recorded.flatMap(entry => (entry.type === 'fact' ? [[entry.name, entry.value]] : [])),
    [
      ['observed.sample.one', {n: 3}],
      ['basis.sample.one', 'of today'],
    ],
  )
})

test('B8 a phase that does not carry is always looked at, and an observation that threw leaves no basis', async () => {
  const carryOver = {basis: () => 'of today', find: () => ({...earlier, seen: {n: 5}})}
  const {checks} = await ran(phase, {carryOver})
  assert.equal(checks[0]?.detail, '3 letters')
  const {recorded} = await ran(carrying(never), {carryOver: {...carryOver, find: () => undefined}})
  assert.deepEqual(
    recorded.filter(entry => entry.type === 'fact'),
    [],
  )
})

test('too little that was carried over is as inconclusive as too little that was seen', async () => {
  const thin = {...phase, server: {...(phase.server as NonNullable<typeof phase.server>), evidence: () => thinly}}
  const carryOver = {basis: () => 'of today', find: () => ({...earlier, seen: {n: 5}})}
  const {checks} = await ran(carrying(thin), {carryOver})
  assert.deepEqual([checks[0]?.check, checks[0]?.verdict], ['sample/evidence', 'inconclusive'])
})
const thinly = {have: 1, need: 2, what: 'looks'}
