import assert from 'node:assert/strict'
import {test} from 'node:test'
import {startMoments} from '../../../scripts/lib/witness/moments.ts'
import type {CallEnd} from '../../../scripts/lib/witness/seen.ts'
import {makeTally} from '../../../scripts/lib/witness/tally.ts'

const ended = (end: CallEnd, kind: string = end) => ({end, kind, summary: `it was ${end}`})

test('every call is in exactly one end, or unfinished', () => {
  const tally = makeTally(startMoments(), 5)
  for (let call = 0; call < 8; call += 1) tally.sent()
  for (const end of ['completed', 'completed', 'failedLoudly', 'lostSilently', 'answeredWrongly', 'abandoned'] as const)
    tally.ended(ended(end), 1)
  const {completed, failedLoudly, lostSilently, answeredWrongly, abandoned, unfinished, sent} = tally.seen()
  assert.deepEqual(
    [sent, completed, failedLoudly, lostSilently, answeredWrongly, abandoned, unfinished],
    [8, 2, 1, 1, 1, 1, 2],
  )
})

test('calls are told by the moment after which they ended; what the witness gave up is no evidence', () => {
  const moments = startMoments()
  const tally = makeTally(moments, 5)
  tally.ended(ended('completed'), 1)
  moments.mark('switch')
  tally.ended(ended('completed'), 1)
  tally.ended(ended('failedLoudly', 'reset'), 1)
  tally.ended(ended('abandoned'), 1)
  const {byMoment, kinds, samples} = tally.seen()
  assert.deepEqual(byMoment, {start: {ended: 1, bad: 0}, switch: {ended: 2, bad: 1}})
  assert.deepEqual(kinds, {reset: 1, abandoned: 1})
  assert.deepEqual([samples[0]?.moment, samples[0]?.kind], ['switch', 'reset'])
})

test('latency is told as percentiles of completed calls, within a hundredth', () => {
  const tally = makeTally(startMoments(), 5)
  for (let ms = 1; ms <= 1000; ms += 1) tally.ended(ended('completed'), ms)
  tally.ended(ended('failedLoudly'), 99_999)
  const {p50, p99, max} = tally.seen().latencyMs
  assert.ok(Math.abs(p50 - 500) <= 5, `p50 ${p50}`)
  assert.ok(Math.abs(p99 - 990) <= 10, `p99 ${p99}`)
  assert.ok(Math.abs(max - 1000) <= 10, `max ${max}`)
})

test('memory does not grow with calls that fail', () => {
  const tally = makeTally(startMoments(), 3)
  for (let call = 0; call < 10_000; call += 1) tally.ended(ended('failedLoudly', 'reset'), 1)
  assert.equal(tally.seen().samples.length, 3)
  assert.equal(JSON.stringify(tally.seen()).length < 1500, true)
})

test('what was told before does not change afterwards', () => {
  const tally = makeTally(startMoments(), 3)
  tally.ended(ended('completed'), 1)
  const before = tally.seen()
  tally.ended(ended('failedLoudly'), 1)
  assert.deepEqual([before.byMoment.start, before.kinds, before.samples], [{ended: 1, bad: 0}, {}, []])
})
