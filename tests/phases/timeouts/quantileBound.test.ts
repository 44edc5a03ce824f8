// X9: what a sample allows to be said of a quantile, held against known tables and against chance.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {quantileBound} from '../../../scripts/phases/timeouts/quantileBound.ts'

const upTo = (count: number) => Array.from({length: count}, (_, index) => index + 1)

test('X9 nothing can be said of no sample', () => assert.equal(quantileBound([], 0.99), undefined))

test('X9 with fewer than 299 samples the largest bounds a lower quantile', () => {
  for (const [count, quantile] of [
    [1, 0.05],
    [59, 0.9505],
    [298, 0.98999],
  ] as const) {
    const bound = quantileBound(upTo(count), 0.99)
    assert.equal(bound?.ms, count)
    assert.ok(Math.abs((bound?.quantile ?? 0) - quantile) < 0.0001, `${count}: ${bound?.quantile}`)
  }
})

// The smallest sizes for which the first, second and third largest bound the 99th percentile with 95 % confidence.
test('X9 from 299 on the order statistic of the binomial tables is taken, whatever the order of the samples', () => {
  for (const [count, ms] of [
    [299, 299],
    [472, 472],
    [473, 472],
    [627, 626],
    [628, 626],
  ] as const)
    assert.deepEqual(quantileBound(upTo(count).reverse(), 0.99), {quantile: 0.99, ms})
})

test('X9 one slow call of a thousand does not decide, one of sixty does', () => {
  const withOne = (count: number) => [...Array.from({length: count - 1}, () => 10), 9000]
  assert.equal(quantileBound(withOne(1000), 0.99)?.ms, 10)
  assert.equal(quantileBound(withOne(60), 0.99)?.ms, 9000)
})
