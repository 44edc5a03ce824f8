// The slope of measured rounds: exact on a line, robust against an outlier, and as sure as it says.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {leastPoints, theilSen} from '../../../scripts/phases/leak/theilSen.ts'

const line = (count: number, y: (x: number) => number) =>
  Array.from({length: count}, (_, index) => [index + 1, y(index + 1)] as const)

test('X10 the slope of a line is exact, and its interval holds nothing else', () => {
  assert.deepEqual(theilSen(line(8, x => 3 * x + 1)), {slope: 3, low: 3, high: 3})
})

test('X10 one outlier of eight does not move it', () => {
  const slope = theilSen(line(8, x => (x === 4 ? 1000 : 3 * x)))
  assert.equal(slope?.slope, 3)
})

test('X10 too few points have no interval', () => {
  assert.equal(theilSen(line(leastPoints - 1, x => x)), undefined)
  assert.notEqual(theilSen(line(leastPoints, x => x)), undefined)
})

test('X10 the interval holds the true slope in at least 98 of 100 cases, for few rounds and many', () => {
  for (const count of [leastPoints, 8, 16]) {
    const random = seeded(count)
    const cases = 1000
    const held = Array.from({length: cases}, () => {
      const found = theilSen(line(count, x => 5 * x + 40 * (random() + random() + random() - 1.5)))
      return found !== undefined && found.low <= 5 && found.high >= 5
    })
    const share = held.filter(Boolean).length / cases
    assert.ok(share >= 0.98, `${count} points: ${share}`)
    // Not by being useless either: noise alone is told from a slope twice as steep as it.
    const steep = theilSen(line(16, x => 50 * x + 40 * (random() - 0.5)))
    assert.ok(steep !== undefined && steep.low > 40 && steep.high < 60, JSON.stringify(steep))
  }
})

// Park and Miller's generator: the same numbers on every machine.
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
