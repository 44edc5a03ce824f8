import assert from 'node:assert/strict'
import {test} from 'node:test'
import {countEffects, idOf, idsIn} from '../../../scripts/lib/witness/countEffects.ts'

const prefix = 'witness-0a1b2c3d-'
const done = {completed: true, repeated: false}
const failed = {completed: false, repeated: false}

test('X2 each way in which effects and reports can disagree is found, and agreement is not', () => {
  const id = (index: number) => idOf(prefix, index)
  const calls = [done, done, done, failed, failed, {completed: true, repeated: true}]
  const texts = [`${id(0)} ${id(1)}`, JSON.stringify([id(1), id(3), id(5)]), 'witness-ffffffff-000002']
  const counted = countEffects(calls, prefix, idsIn(texts, prefix))
  assert.deepEqual(counted, {
    sent: 6,
    found: 4,
    executedTwice: 2,
    completedButLost: 1,
    failedButExecuted: 1,
    ids: {executedTwice: [id(1), id(5)], completedButLost: [id(2)], failedButExecuted: [id(3)]},
  })
})

test('ids are named up to a limit, numbers are whole', () => {
  const counted = countEffects(Array(100).fill(done), prefix, new Map())
  assert.deepEqual([counted.completedButLost, counted.ids.completedButLost.length], [100, 10])
})

test('no id is a part of another', () => {
  const times = idsIn([idOf(prefix, 10), idOf(prefix, 100)], prefix)
  assert.deepEqual(
    [...times],
    [
      [idOf(prefix, 10), 1],
      [idOf(prefix, 100), 1],
    ],
  )
})
