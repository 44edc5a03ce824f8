// Proves that a limit is worked out from constant and peer, and holds up to and including its bound.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {boundOf, holds, type Limit} from '../../bench/limit.ts'

const bounds: [Limit, number | undefined, ReturnType<typeof boundOf>][] = [
  [{atMost: 15}, undefined, {bound: 'at most', value: 15}],
  [{atMost: 15}, 3, {bound: 'at most', value: 15}],
  [{atMost: 2, timesPeer: 1.5}, 4, {bound: 'at most', value: 8, formula: '1.5 × peer + 2'}],
  [{atLeast: 0, timesPeer: 0.9}, 100, {bound: 'at least', value: 90, formula: '0.9 × peer'}],
  [{atMost: 0}, undefined, {bound: 'at most', value: 0}],
]

for (const [limit, peer, expected] of bounds)
  test(`${JSON.stringify(limit)} beside ${peer} is ${expected.bound} ${expected.value}`, () => {
    assert.deepEqual(boundOf(limit, peer), expected)
  })

test('a limit that refers to a peer needs one', () => {
  assert.throws(() => boundOf({atMost: 2, timesPeer: 1.5}, undefined), /no peer was measured/)
})

const judgements: ['at most' | 'at least', number, number, boolean][] = [
  ['at most', 15, 14.999, true],
  ['at most', 15, 15, true],
  ['at most', 15, 15.001, false],
  ['at most', 0, 1, false],
  ['at least', 90, 90, true],
  ['at least', 90, 89.9, false],
  ['at least', 90, 500, true],
]

for (const [bound, value, seen, expected] of judgements)
  test(`${bound} ${value}: ${seen} ${expected ? 'holds' : 'does not hold'}`, () => {
    assert.equal(holds({bound, value}, seen), expected)
  })
