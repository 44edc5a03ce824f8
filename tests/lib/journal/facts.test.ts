// What the entries of a run say about it.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {type Verdict, verdicts, worst} from '../../../scripts/lib/errors/verdict.ts'
import type {Entry, EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {decisiveVerdict, fact, stepEnds, verdictOf} from '../../../scripts/lib/journal/facts.ts'

const entries = (...bodies: EntryBody[]): Entry[] => bodies.map(body => ({at: '2026-11-20T10:00:00.000Z', ...body}))
const run = (...steps: string[]): EntryBody => ({
  type: 'run',
  run: 'r',
  journalVersion: 1,
  pipeline: 'p',
  environment: 'staging',
  seaworthyVersion: '0.1.0',
  node: 'v26',
  platform: 'linux-x64',
  host: 'h',
  steps,
})
const started = (step: string): EntryBody => ({type: 'step', step, state: 'started'})
const finished = (step: string, verdict?: Verdict): EntryBody => ({type: 'step', step, state: 'finished', verdict})
const check = (verdict: Verdict, accepted = false): EntryBody => ({
  type: 'check',
  phase: 'health',
  check: 'health/steady',
  verdict,
  detail: 'd',
  ...(accepted ? {accepted: {reason: 'known for long', until: '2027-01-01'}} : {}),
})

const whole = [run('a'), started('a'), finished('a', 'pass')]
const cases: [string, EntryBody[], Verdict, string?][] = [
  ['nothing at all', [], 'inconclusive'],
  ['steps that pass without a check', whole, 'inconclusive'],
  ['steps and checks that pass', [...whole, check('pass')], 'pass'],
  ['a failed check', [...whole, check('pass'), check('fail')], 'fail'],
  ['a failed check that is accepted, beside a passing one', [...whole, check('pass'), check('fail', true)], 'pass'],
  ['nothing but an accepted failure', [...whole, check('fail', true)], 'inconclusive'],
  ['an accepted check that could not be made', [...whole, check('pass'), check('error', true)], 'error'],
  ['a skipped check beside a passing one', [...whole, check('pass'), check('skip')], 'pass'],
  ['nothing but a skipped check', [...whole, check('skip')], 'inconclusive'],
  ['thin evidence', [...whole, check('pass'), check('inconclusive')], 'inconclusive'],
  ['a failure beside an error', [...whole, check('error'), check('fail')], 'fail'],
  ['a step that was killed', [run('a'), started('a'), check('pass')], 'error'],
  ['a step that ended without a verdict', [run('a'), started('a'), finished('a'), check('pass')], 'error'],
  ['a step that was killed and then done', [run('a'), started('a'), ...whole.slice(1), check('pass')], 'pass'],
  ['a planned step that never began', [run('a', 'b'), ...whole.slice(1), check('pass')], 'inconclusive'],
  ['the same, asked by that step', [run('a', 'b'), ...whole.slice(1), check('pass')], 'pass', 'b'],
  ['asked by a step that began', [run('a', 'b'), ...whole.slice(1), started('b'), check('pass')], 'pass', 'b'],
  [
    'asked in between, a step before it missing',
    [run('a', 'b', 'c'), started('b'), check('pass')],
    'inconclusive',
    'b',
  ],
  ['asked by a step that is not planned', [run('a', 'b'), ...whole.slice(1), check('pass')], 'inconclusive', 'z'],
]

for (const [name, bodies, verdict, during] of cases) {
  test(`the verdict of ${name} is ${verdict}`, () => {
    assert.equal(verdictOf(entries(...bodies), during), verdict)
  })
}

test('only a failure can be accepted', () => {
  const accepted = {reason: 'known for long', until: '2027-01-01'}
  const decisive = verdicts.map(verdict => decisiveVerdict({verdict, accepted}))
  assert.deepEqual(decisive, ['pass', 'skip', 'inconclusive', 'error', 'skip'])
})

test('the worst of verdicts does not depend on their order, and no evidence is never a pass', () => {
  assert.equal(worst([]), 'inconclusive')
  assert.equal(worst(['skip', 'skip']), 'inconclusive')
  const order: Verdict[] = ['pass', 'inconclusive', 'error', 'fail']
  for (const [i, better] of order.entries())
    for (const worse of order.slice(i)) {
      assert.equal(worst([better, worse, 'skip']), worse)
      assert.equal(worst([worse, 'skip', better]), worse)
    }
})

test('the newest fact and the newest end of a step count', () => {
  const seen = entries(
    {type: 'fact', name: 'x', value: 1},
    {type: 'fact', name: 'x', value: 2},
    started('a'),
    finished('a'),
  )
  assert.equal(fact(seen, 'x'), 2)
  assert.equal(fact(seen, 'y'), undefined)
  assert.equal(stepEnds(seen).get('a')?.state, 'finished')
})
