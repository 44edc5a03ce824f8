// A part of a drill fails for what did not recover or took too long; on an overloaded machine a late start decides nothing.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {type Drilled, judgeDrilled} from '../../../scripts/lib/cutover/judgeDrilled.ts'

const good: Drilled = {
  check: 'drill/rollback',
  what: 'went back',
  ms: 1400,
  detail: undefined,
  busy: undefined,
  limitSeconds: 300,
}
const late = 'memory did not come up: the deadline of 15 s passed before it answered: refused'
const busy = 'this machine is overloaded (load 31 on 2 cores)'

for (const [what, change, verdict, detail] of [
  ['everything recovered in time', {}, 'pass', 'went back in 1.4 s'],
  ['a server did not start', {detail: late}, 'fail', late],
  ['it took too long', {ms: 300_001}, 'fail', 'went back in 300.0 s'],
  ['a server was late on an overloaded machine', {detail: late, busy}, 'inconclusive', `${busy}: ${late}`],
  ['it took too long, and nobody was late', {ms: 300_001, busy}, 'fail', 'went back in 300.0 s'],
] as const)
  test(`X17 ${what}: ${verdict}`, () => {
    const check = judgeDrilled({...good, ...change})
    assert.deepEqual([check.check, check.verdict, check.detail], ['drill/rollback', verdict, detail])
    assert.equal(check.remedy === undefined, verdict === 'pass')
  })
