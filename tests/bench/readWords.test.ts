// Proves what the command line of the bench means, and what is said about one that means nothing.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {readWords} from '../../bench/readWords.ts'

const good: [string[], ReturnType<typeof readWords>][] = [
  [[], {names: [], runs: undefined}],
  [['status', 'step-start'], {names: ['status', 'step-start'], runs: undefined}],
  [['--runs', '3', 'status'], {names: ['status'], runs: 3}],
  [['status', '--runs=11'], {names: ['status'], runs: 11}],
]

for (const [argv, expected] of good)
  test(`bench ${argv.join(' ')}`, () => {
    assert.deepEqual(readWords(argv), expected)
  })

const bad: [string[], RegExp][] = [
  [['--runs', '0'], /--runs: should be a whole number of at least 1, got 0/],
  [['--runs', '2.5'], /got 2\.5/],
  [['--runs', 'many'], /got many/],
  [['--run', '3'], /--run/],
]

for (const [argv, message] of bad)
  test(`bench ${argv.join(' ')} is a fault`, () => {
    assert.throws(
      () => readWords(argv),
      (thrown: Error & {remedy?: string}) =>
        message.test(thrown.message) && thrown.remedy === 'pnpm bench [NAME…] [--runs N]',
    )
  })
