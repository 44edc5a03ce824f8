// An acceptance must cover a failure: one that covers nothing any more is a fault, unless nothing could be judged.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Verdict} from '../../scripts/lib/errors/verdict.ts'
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import {judgeAcceptances} from '../../scripts/phases/acceptances.ts'

const accept = (check: string, server?: string) => ({check, server, reason: 'known for long', until: '2027-01-01'})
const check = (name: string, verdict: Verdict, server?: string): CheckEntry => ({
  type: 'check',
  phase: 'health',
  check: `health/${name}`,
  server,
  verdict,
  detail: 'd',
})

const cases: [string, CheckEntry[], ReturnType<typeof accept>[], string[]][] = [
  ['covers a failure', [check('own-path', 'fail', 'one')], [accept('health/own-path', 'one')], []],
  ['of any server covers a failure', [check('own-path', 'fail', 'one')], [accept('health/own-path')], []],
  [
    'of a check that passes by now',
    [check('own-path', 'pass', 'one')],
    [accept('health/own-path', 'one')],
    ['health/own-path is accepted in the fleet file, but did not fail: it is pass'],
  ],
  [
    'of a check that passes by now with an observation',
    [{...check('own-path', 'pass', 'one'), findings: [{severity: 'Low', place: 'p', text: 'still so'}]}],
    [accept('health/own-path', 'one')],
    [],
  ],
  [
    'of a check that is not made',
    [check('steady', 'pass', 'one')],
    [accept('health/own-path', 'one')],
    ['health/own-path is accepted in the fleet file, but did not fail: no such check was made'],
  ],
  [
    'of another server',
    [check('own-path', 'fail', 'two'), check('own-path', 'pass', 'one')],
    [accept('health/own-path', 'one')],
    ['health/own-path is accepted in the fleet file, but did not fail: it is pass'],
  ],
  ['of a phase that did not run', [], [accept('tools/listed', 'one')], []],
  [
    'of a server that could not be observed',
    [check('observed', 'error', 'one')],
    [accept('health/own-path', 'one')],
    [],
  ],
  ['of a check that was skipped', [check('own-path', 'skip', 'one')], [accept('health/own-path', 'one')], []],
  ['of a phase that was skipped', [check('applies', 'skip', 'one')], [accept('health/own-path', 'one')], []],
  ['with thin evidence', [check('own-path', 'inconclusive', 'one')], [accept('health/own-path', 'one')], []],
]

for (const [name, checks, accepted, details] of cases) {
  test(`an acceptance ${name} ${details.length === 0 ? 'is no fault' : 'is a fault'}`, () => {
    const faults = judgeAcceptances(checks, accepted, ['health'])
    assert.deepEqual(
      faults.map(({detail}) => detail),
      details,
    )
    for (const fault of faults)
      assert.deepEqual(
        [fault.check, fault.verdict, fault.server, fault.remedy],
        ['accept/matches', 'fail', 'one', 'delete the entry below accept:'],
      )
  })
}
