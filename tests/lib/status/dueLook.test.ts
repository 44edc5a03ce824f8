// How often live is looked at, by the age of its release.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {dueLook} from '../../../scripts/lib/status/dueLook.ts'

const minute = 60_000
const day = 24 * 60 * minute
const since = Date.parse('2026-11-01T00:00:00Z')

/** How many looks a schedule of every half hour comes to in `days`, beginning at that age. */
function looks(fromDay: number, days: number, lateMinutes: (turn: number) => number = () => 0): number {
  let looked: number | undefined = since + fromDay * day
  let count = 0
  for (let turn = 1; turn <= days * 48; turn++) {
    const now = since + fromDay * day + turn * 30 * minute + lateMinutes(turn) * minute
    if (!dueLook(now, since, looked).due) continue
    looked = now
    count++
  }
  return count
}

test('B11 every half hour in week one, hourly in week two, four times a day later', () => {
  assert.equal(looks(0, 1), 48)
  assert.equal(looks(8, 1), 24)
  assert.equal(looks(20, 1), 4)
})

test('B11 a schedule that is up to 9 minutes late in turn loses no look', () => {
  const late = (turn: number) => (turn % 2 === 0 ? 9 : 0)
  assert.equal(looks(0, 1, late), 48)
  assert.equal(looks(8, 1, late), 24)
})

test('B11 a release that was never looked at is due, whatever was looked at before it', () => {
  const now = since + 20 * minute
  assert.equal(dueLook(now, since, undefined).due, true)
  assert.equal(dueLook(now, since, since - minute).due, true, 'the look was at the release before')
  assert.equal(dueLook(now, since, now + day).due, true, 'the look is in the future')
  assert.equal(dueLook(now, since, since + 5 * minute).due, false)
})
