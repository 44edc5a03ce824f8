// The score counts what it should, and its page tells every miss and every false alarm.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import {phasesOf} from '../../scripts/phases/index.ts'
import {checkIds} from '../checkIds.ts'
import {faults, mutants} from './list/index.ts'
import type {Fault, Harmless} from './mutant.ts'
import {alarmsOf, holds, isGood, score} from './score.ts'
import {phaseRows, scorePage} from './scoreTable.ts'

const check = (name: string, verdict: CheckEntry['verdict'], more: Partial<CheckEntry> = {}): CheckEntry => ({
  type: 'check',
  phase: name.split('/')[0] ?? '',
  check: name,
  verdict,
  detail: 'as it was seen',
  ...more,
})
const mutant = {what: 'Something is wrong', row: 'X15', subject: 'fixture', change: {}} as const
const fault: Fault = {kind: 'fault', name: 'broken', ...mutant, seenBy: [{check: 'tools/listed'}]}
const harmless: Harmless = {kind: 'harmless', name: 'same', ...mutant}
const unseen: Fault = {kind: 'fault', name: 'unseen', ...mutant, seenBy: {nobody: 'nobody looks there'}}
const run = (...checks: CheckEntry[]) => ({checks, ms: {start: 10, tools: 30}})

test('X15 an alarm is what is worse than of the unchanged server', () => {
  const unchanged = [check('a/one', 'fail'), check('a/two', 'pass'), check('a/three', 'pass')]
  const now = [
    check('a/one', 'fail'),
    check('a/two', 'inconclusive'),
    check('a/three', 'skip'),
    check('a/four', 'error'),
  ]
  assert.deepEqual(
    alarmsOf(now, unchanged).map(one => one.check),
    ['a/two', 'a/four'],
  )
})

test('X15 a claim holds by its verdict, or by what is shown, and not when the unchanged server says the same', () => {
  const failed = [check('a/one', 'fail')]
  assert.equal(holds({check: 'a/one'}, failed, []), true)
  assert.equal(holds({check: 'a/one'}, failed, failed), false)
  assert.equal(holds({check: 'a/one', as: 'inconclusive'}, failed, []), false)
  assert.equal(
    holds({check: 'a/one', as: 'shown'}, [check('a/one', 'pass', {value: 2})], [check('a/one', 'pass')]),
    true,
  )
  assert.equal(holds({check: 'a/one', as: 'shown'}, [check('a/one', 'pass', {value: 0})], []), false)
})

test('X15 one repetition in which a claim does not hold, or an alarm is raised, is enough', () => {
  const missed = score(fault, [run(check('tools/listed', 'fail')), run(check('tools/listed', 'pass'))], [])
  assert.deepEqual([isGood(missed), [...missed.missed]], [false, [['tools/listed', 1]]])
  const alarm = score(harmless, [run(), run(check('tools/listed', 'error'))], [])
  assert.deepEqual([isGood(alarm), [...alarm.alarms]], [false, [['tools/listed', 1]]])
  assert.equal(isGood(score(fault, [run(check('tools/listed', 'fail'))], [])), true)
  assert.equal(isGood(score(unseen, [run()], [])), true)
  assert.equal(isGood(score(harmless, [], [], 'it did not start')), false)
})

test('X15 the page tells caught, missed, false alarms and reasons, by phase and by name', () => {
  const all = [
    score(fault, [run(check('tools/listed', 'fail'))], []),
    score({...fault, name: 'missed'}, [run()], []),
    score(unseen, [run()], []),
    score(harmless, [run(check('tools/listed', 'fail'))], []),
  ]
  assert.deepEqual(
    phaseRows(all).find(({phase}) => phase === 'tools'),
    {phase: 'tools', claimed: 2, caught: 1, falseAlarms: 1, medianMs: 30},
  )
  const page = scorePage(all, {date: '2026-11-20', version: '0.1.0', node: 'v26', processors: 2, minutes: 3})
  assert.match(page, /\| tools \| 2 \| 1 \| 1 \| 1 \| 30 \|/)
  assert.match(page, /`missed` \(fixture\) missed by `tools\/listed` 1 of 1 \(the check was not made\)/)
  assert.match(page, /`same` \(fixture\) alarms `tools\/listed` 1 of 1 \(fail: as it was seen\)/)
  assert.match(page, /`unseen`.*\. Nobody looks there\./)
})

test('X15 there are 40 faults and 20 harmless changes, and every claim is of a check that there is', async () => {
  assert.ok(faults.length >= 40 && mutants.length - faults.length >= 20, `${faults.length} of ${mutants.length}`)
  const claimed = new Set(faults.flatMap(({seenBy}) => ('nobody' in seenBy ? [] : seenBy.map(one => one.check))))
  const known = checkIds(join(import.meta.dirname, '..', '..', 'scripts'))
  const wrong = [...claimed].filter(id => !/^calls\/|^protocol\/conformance-/.test(id) && !known.has(id))
  assert.deepEqual(wrong, [])
  // Every phase is put to the test, but for what only asks the fleet file.
  const phases = (await phasesOf([])).map(({name}) => name)
  assert.deepEqual(
    phases.filter(name => ![...claimed].some(id => id.startsWith(`${name}/`))),
    [],
  )
})

// What it was asked to have, by the names that the faults have here.
const asked: Record<string, string[]> = {
  'tool dropped': ['tool-dropped', 'declared-tool-dropped'],
  'tool renamed': ['tool-renamed'],
  're-ordered per connection': ['order-per-connection', 'order-shuffled'],
  'description poisoned': ['description-poisoned', 'description-hidden', 'instructions-poisoned'],
  'annotation flipped': ['read-only-claimed', 'destructive-hint-flipped', 'open-world-hint-flipped'],
  'input tightened': ['input-requires-more', 'input-bounded', 'input-type-changed'],
  'output widened': ['output-widened', 'output-not-required'],
  'structuredContent not matching its schema': ['structured-content-misfit'],
  '400 for 404': ['400-for-404'],
  'foreign Origin accepted': ['foreign-origin-taken', 'ingress-takes-foreign-origin'],
  'response swallowed': ['response-swallowed', 'response-swallowed-at-times', 'swallows-after-change'],
  'response of another request': ['response-of-another-request', 'response-of-another-id'],
  'duplicate execution': ['executed-twice'],
  'isError hidden': ['error-hidden'],
  'JSON-RPC error as 200 text': ['error-as-text'],
  'slow start': ['cold-start', 'starts-too-slowly'],
  'slow tool': ['tool-slow', 'tool-slow-at-times'],
  'stuck session': ['session-stuck'],
  'leak of 20 and of 100 KiB a session': ['leak-of-20-kilobytes', 'leak-of-100-kilobytes'],
  'contract differs per replica': ['second-copy-not-updated'],
  'contract differs per capability': ['able-clients-lose-tool'],
  'contract differs per era': ['modern-era-loses-tool'],
  'stale tool list after a change': ['listed-but-gone', 'old-code-served'],
  'ttlMs wrong': ['ttl-negative', 'ttl-missing'],
  'session fixed across clients': ['one-session-for-all'],
  'health green while dead': ['green-while-dead'],
  'log with a secret': ['secret-in-log'],
}

test('X15 every fault that was asked for by name is there, and some check claims to see it', () => {
  for (const [what, names] of Object.entries(asked))
    for (const name of names) {
      const found = faults.find(one => one.name === name)
      assert.ok(found !== undefined && !('nobody' in found.seenBy), `${what}: ${name}`)
    }
  // Seen by nobody, with its reason.
  assert.ok(faults.some(({name}) => name === 'counter-wrong'))
})
