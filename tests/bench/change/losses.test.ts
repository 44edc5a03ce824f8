// Proves that every way in which a call can be lost is counted, and that clients which never were are no evidence.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {lossesOf, toldLosses} from '../../../bench/change/losses.ts'
import type {CallsSeen, EffectsSeen, PopulationSeen, ServerSeen} from '../../../scripts/lib/witness/seen.ts'

const good: CallsSeen = {
  completed: 10,
  failedLoudly: 0,
  lostSilently: 0,
  answeredWrongly: 0,
  abandoned: 0,
  sent: 10,
  unfinished: 0,
  heldBack: 0,
  byMoment: {},
  kinds: {},
  latencyMs: {p50: 1, p99: 1, max: 1},
  longestGapMs: 0,
  gaps: [],
  samples: [],
}
const effects: EffectsSeen = {
  sent: 5,
  found: 5,
  executedTwice: 0,
  failedButExecuted: 0,
  completedButLost: 0,
  ids: {executedTwice: [], failedButExecuted: [], completedButLost: []},
}
const skipped: PopulationSeen = {state: 'skipped', reason: 'not spoken'}

function seen(
  calls: Partial<CallsSeen>,
  counted: Partial<EffectsSeen> = {},
  modern: PopulationSeen = skipped,
): ServerSeen {
  return {
    server: 'memory',
    forMs: 1000,
    moments: [],
    populations: {
      'legacy-in-flight': {state: 'seen', calls: {...good, ...calls}},
      'legacy-idle': {state: 'seen', calls: good},
      stream: skipped,
      modern,
      'official-sdk': skipped,
      effects: {state: 'seen', calls: good, effects: {...effects, ...counted}},
    },
  }
}

const rows: [string, ServerSeen, number, {lost?: number; silent?: number; doubled?: number}][] = [
  ['nothing', seen({}), 0, {}],
  ['a call that failed', seen({failedLoudly: 2}), 0, {lost: 2}],
  ['a call that was answered wrongly', seen({answeredWrongly: 1}), 0, {lost: 1}],
  ['a call that was never answered', seen({unfinished: 3}), 0, {lost: 3}],
  ['a call without effect', seen({}, {completedButLost: 1}), 0, {lost: 1}],
  ['a call that was lost silently', seen({lostSilently: 4}), 0, {silent: 4}],
  ['a call that arrived twice', seen({}), 1, {doubled: 1}],
  ['a call that had its effect twice', seen({}, {executedTwice: 2}), 1, {doubled: 3}],
]

for (const [what, server, arrivedTwice, expected] of rows)
  test(`C12 ${what}`, () => {
    const {lost, silent, doubled, sent} = lossesOf(server, arrivedTwice)
    assert.deepEqual({lost, silent, doubled}, {lost: 0, silent: 0, doubled: 0, ...expected})
    assert.equal(sent, 30)
  })

test('C12 clients that could not be held, or effects that could not be read, are a fault', () => {
  assert.throws(
    () => lossesOf(seen({}, {}, {state: 'unopened', reason: 'refused'}), 0),
    /memory: no modern clients: refused/,
  )
  assert.throws(() => lossesOf(seen({}, {unread: 'HTTP 500'}), 0), /could not be read: HTTP 500/)
})

test('C12 each lost call is told with its server, its time and its end', () => {
  const sample = {atMs: 12, moment: 'change', end: 'failedLoudly' as const, kind: 'http', summary: 'HTTP 502'}
  assert.deepEqual(toldLosses(seen({samples: [sample]})), [
    'memory legacy-in-flight at 12 ms (change): failedLoudly: HTTP 502',
  ])
})
