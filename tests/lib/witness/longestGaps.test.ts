import assert from 'node:assert/strict'
import {test} from 'node:test'
import {longestGaps} from '../../../scripts/lib/witness/longestGaps.ts'
import {type Moments, startMoments} from '../../../scripts/lib/witness/moments.ts'

/** A clock that the test sets. */
function clock(): Moments & {at: number} {
  const marked = [{name: 'start', atMs: 0}]
  const moments = {
    ...startMoments(),
    at: 0,
    now: () => moments.at,
    mark: (name: string) => void marked.push({name, atMs: moments.at}),
    gap: (fromMs: number, untilMs: number) => ({
      fromMs,
      ms: untilMs - fromMs,
      since: marked.findLast(one => one.atMs <= fromMs)?.name ?? '',
      moments: marked.filter(one => one.atMs > fromMs && one.atMs <= untilMs).map(one => one.name),
    }),
  }
  return moments
}

test('the three longest are kept, longest first, with the moments that lie in them', () => {
  const moments = clock()
  const gaps = longestGaps(moments)
  for (const at of [10, 15, 115, 116, 166, 366]) {
    if (at === 366) {
      moments.at = 200
      moments.mark('switch')
    }
    moments.at = at
    gaps.succeeded()
  }
  assert.deepEqual(
    gaps.seen(366).map(({ms, since, moments}) => [ms, since, moments]),
    [
      [200, 'start', ['switch']],
      [100, 'start', []],
      [50, 'start', []],
    ],
  )
})

test('a time without success that still runs counts, and so does one that never ended', () => {
  const moments = clock()
  const gaps = longestGaps(moments)
  assert.equal(gaps.seen(500)[0]?.ms, 500)
  moments.at = 20
  gaps.succeeded()
  assert.deepEqual(
    gaps.seen(320).map(gap => gap.ms),
    [300, 20],
  )
})
