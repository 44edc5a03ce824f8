import assert from 'node:assert/strict'
import {test} from 'node:test'
import {countPresses} from '../../../scripts/lib/cli/countPresses.ts'

const counted = (...signals: [NodeJS.Signals, number][]) => {
  const pressOf = countPresses()
  return signals.map(([signal, atMs]) => pressOf(signal, atMs))
}

test('X14 a press that pnpm passes on as a further signal is one press', () => {
  assert.deepEqual(counted(['SIGINT', 0], ['SIGINT', 2], ['SIGINT', 700], ['SIGTERM', 701], ['SIGINT', 1700]), [
    1,
    undefined,
    2,
    undefined,
    3,
  ])
})

test('X14 hammering on the keys does not reach the third press within a second', () => {
  const hammered = counted(...Array.from({length: 8}, (_, index): [NodeJS.Signals, number] => ['SIGINT', index * 100]))
  assert.ok(!hammered.includes(3), String(hammered))
})

test('X14 a terminal that closes cancels a run, and asks for nothing more of one that is being cancelled', () => {
  assert.deepEqual(counted(['SIGHUP', 0], ['SIGHUP', 5000], ['SIGTERM', 6000]), [1, undefined, 2])
  assert.deepEqual(counted(['SIGINT', 0], ['SIGINT', 1000], ['SIGHUP', 3000]), [1, 2, undefined])
})
