import assert from 'node:assert/strict'
import {test} from 'node:test'
import {checkRehearsed, checkUnfinished} from '../../../scripts/lib/plan/earlyRefusals.ts'
import type {ReleaseRecord} from '../../../scripts/lib/records/records.ts'

const record = (verdict: 'pass' | 'fail') =>
  ({
    release: 'a'.repeat(64),
    rehearsals: [{verdict, at: '2026-11-29T10:00:00Z', run: 'r', ms: 1}],
  }) as unknown as ReleaseRecord
const asked = {fleet: 'sample', records: [], unknown: [], override: undefined}

test('X1 a fleet of which nothing passed a rehearsal is refused before anything is built', () => {
  assert.equal(checkRehearsed(asked).verdict, 'error')
  assert.equal(checkRehearsed(asked).detail, 'no release of sample was ever rehearsed')
  const failed = checkRehearsed({...asked, records: [record('fail')]})
  assert.deepEqual(
    [failed.verdict, failed.detail],
    ['error', 'no release of sample has passed a rehearsal, of 1 that ended'],
  )
  assert.match(failed.remedy ?? '', /pnpm deploy:staging.*--override/)
})

test('X1 where some release passed, or records are where we cannot look, the build decides which', () => {
  assert.equal(checkRehearsed({...asked, records: [record('fail'), record('pass')]}).verdict, 'pass')
  assert.equal(checkRehearsed({...asked, unknown: ['environments.qa.root']}).verdict, 'pass')
  assert.equal(checkRehearsed({...asked, override: 'an emergency'}).verdict, 'skip')
  assert.equal(checkRehearsed({...asked, override: ' '}).verdict, 'error')
})

test('X14 a change that is half done refuses a deploy at once', () => {
  assert.equal(checkUnfinished(undefined).verdict, 'pass')
  const {verdict, detail, remedy} = checkUnfinished('run r left a change of live unfinished')
  assert.deepEqual([verdict, detail], ['error', 'run r left a change of live unfinished'])
  assert.match(remedy ?? '', /pnpm resume/)
})
