// Proves that the median is the middle of the numbers in any order, and that nothing has none.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {median} from '../../bench/median.ts'

const cases: [readonly number[], number][] = [
  [[7], 7],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 100], 10],
  [[1, 1, 1, 1000], 1],
  [[-5, 0, 5, 10], 2.5],
]

for (const [numbers, expected] of cases)
  test(`the median of ${numbers.join(', ')} is ${expected}`, () => {
    const given = [...numbers]
    assert.equal(median(given), expected)
    assert.deepEqual(given, numbers, 'the numbers keep their order')
  })

test('no numbers have no median', () => {
  assert.throws(() => median([]), /no numbers/)
})
