// The last line of phases that were run by hand, and the reason where they came to nothing.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import {judgeNothing, resultLine} from '../../scripts/phases/result.ts'

const check = (verdict: CheckEntry['verdict'], more: Partial<CheckEntry> = {}): CheckEntry => ({
  type: 'check',
  phase: 'calls',
  check: 'calls/adds',
  verdict,
  detail: 'd',
  ...more,
})

test('the last line says the verdict and how many checks ended how', () => {
  assert.equal(resultLine([check('pass'), check('pass'), check('skip')]), '✓ pass: 2 passed, 1 skipped or accepted')
  assert.equal(resultLine([check('pass'), check('fail')]), '✗ fail: 1 passed, 1 failed')
  const accepted = check('fail', {accepted: {reason: 'known for long', until: '2027-01-01'}})
  assert.equal(resultLine([check('pass'), accepted]), '✓ pass: 1 passed, 1 skipped or accepted')
  assert.equal(resultLine([]), '? inconclusive: no check was made')
})

test('B2 where every check was skipped, a check says so and that it proves nothing', () => {
  const nothing = judgeNothing([check('skip'), check('skip')])
  assert.deepEqual([nothing?.check, nothing?.verdict], ['calls/evidence', 'inconclusive'])
  assert.match(nothing?.detail ?? '', /nothing was judged: every check was skipped/)
  assert.equal(judgeNothing([check('skip'), check('fail')]), undefined)
  assert.equal(judgeNothing([]), undefined)
})
