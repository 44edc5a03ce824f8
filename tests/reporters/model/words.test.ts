// Numbers and times are written the same everywhere.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {count, dateTime, duration, listed, quantity, shortDigest} from '../../../scripts/reporters/model/words.ts'

test('durations change their unit where people do, and never show 60 of anything', () => {
  const table = [
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [7_620_000, '2 h 07 min'],
  ] as const
  for (const [ms, text] of table) assert.equal(duration(ms), text)
})

test('quantities keep four significant digits and their unit', () => {
  const written = [
    quantity(1000, 'ms'),
    quantity(102.4375, 'MB'),
    quantity(0.000105, 'USD'),
    quantity(12.5),
    quantity('TLS 1.3'),
  ]
  assert.deepEqual(written, ['1 000 ms', '102.4 MB', '0.000105 USD', '12.5', 'TLS 1.3'])
})

test('counts, lists, times and digests', () => {
  assert.deepEqual(
    [count(1, 'check'), count(0, 'check'), count(1200, 'check')],
    ['1 check', '0 checks', '1 200 checks'],
  )
  assert.deepEqual([listed([]), listed(['a']), listed(['a', 'b', 'c'])], ['', 'a', 'a, b and c'])
  assert.deepEqual([dateTime('2026-11-20T09:48:12.040Z'), dateTime('never')], ['2026-11-20 09:48:12 UTC', 'never'])
  assert.equal(shortDigest('sha256:9f2c41d07be86a53'), '9f2c41d07be8')
})
