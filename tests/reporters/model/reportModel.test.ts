// What a run is worth, what is wrong with it and what it did not prove, derived from entries.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {verdicts} from '../../../scripts/lib/errors/verdict.ts'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {reportModel} from '../../../scripts/reporters/model/reportModel.ts'
import {checkEntry, journalOf, runEntry, stepEntries} from '../sampleJournal.ts'

const model = (...bodies: readonly EntryBody[]) => reportModel(journalOf(...bodies))
const accepted = {reason: 'upstream', until: '2027-01-01'}

test('READY exactly when everything that decides passed and something did', () => {
  const table: [expected: string, bodies: EntryBody[]][] = [
    ['pass', [runEntry('a'), ...stepEntries('a'), checkEntry()]],
    ['inconclusive', [runEntry('a'), ...stepEntries('a')]],
    ['inconclusive', [runEntry('a'), ...stepEntries('a'), checkEntry({verdict: 'skip'})]],
    ['inconclusive', [runEntry('a'), ...stepEntries('a'), checkEntry({verdict: 'fail', accepted})]],
    ['inconclusive', [runEntry('a', 'b'), ...stepEntries('a'), checkEntry()]],
    ['error', [runEntry('a'), {type: 'step', step: 'a', state: 'started'}, checkEntry()]],
    ['error', [runEntry('a'), ...stepEntries('a', {verdict: undefined}), checkEntry()]],
    ['fail', [runEntry('a', 'b'), ...stepEntries('a'), checkEntry(), checkEntry({verdict: 'fail'})]],
    ['pass', [runEntry('a'), ...stepEntries('a'), checkEntry(), checkEntry({verdict: 'fail', accepted})]],
    ['error', [runEntry('a'), ...stepEntries('a'), checkEntry(), checkEntry({verdict: 'error', accepted})]],
  ]
  for (const [expected, bodies] of table) {
    const {verdict, conclusion} = model(...bodies)
    assert.equal(verdict, expected)
    assert.equal(conclusion.ready, expected === 'pass')
    assert.ok(conclusion.reasons.length > 0)
  }
})

test('no mixture of checks is READY with a decisive check that is not a pass, and none is NOT READY without a reason', () => {
  const check = fc.record({verdict: fc.constantFrom(...verdicts), accepted: fc.constantFrom(undefined, accepted)})
  fc.assert(
    fc.property(fc.array(check), list => {
      const {conclusion, issues} = model(runEntry('a'), ...stepEntries('a'), ...list.map(checkEntry))
      const bad = list.filter(
        item => ['error', 'inconclusive'].includes(item.verdict) || (item.verdict === 'fail' && !item.accepted),
      )
      assert.equal(conclusion.ready, bad.length === 0 && list.some(item => item.verdict === 'pass'))
      assert.equal(issues.filter(issue => issue.severity !== 'Low').length, bad.length)
    }),
  )
})

test('severities: live changed is critical, judged bad high, not judged medium, accepted low; the worst first', () => {
  const {issues} = model(
    checkEntry({verdict: 'fail', accepted}),
    checkEntry({verdict: 'inconclusive'}),
    checkEntry({verdict: 'fail'}),
    checkEntry({verdict: 'fail', check: 'rehearsal/live-unchanged'}),
  )
  assert.deepEqual(
    issues.map(issue => issue.severity),
    ['Critical', 'High', 'Medium', 'Low'],
  )
})

test('a step that failed because of its checks is told once; one that failed by itself has its own issue and remedy', () => {
  const told = checkEntry({verdict: 'fail', by: 'a'})
  assert.equal(model(runEntry('a'), ...stepEntries('a', {verdict: 'fail'}), told).issues.length, 1)
  const other = model(
    runEntry('a', 'b'),
    ...stepEntries('a', {verdict: 'fail'}),
    told,
    ...stepEntries('b', {verdict: 'error', detail: 'disk is full\n→ free 2 GB'}),
  )
  assert.deepEqual(other.issues.map(({place, detail, resolution}) => [place, detail, resolution])[0], [
    'step b',
    'disk is full',
    'free 2 GB',
  ])
  assert.match(other.conclusion.reasons.join(' '), /1 check failed\. Did not end well: b\./)
})

test('not proved: said facts once, skipped checks by server, servers and steps that nobody looked at', () => {
  const said = {type: 'fact', name: 'unproved', value: {what: 'load', why: 'none declared'}} as const
  const {notProved} = model(
    runEntry('a', 'b', 'c'),
    {type: 'fact', name: 'release', value: {digest: 'd', servers: [{name: 'one'}, {name: 'two'}, {name: 'three'}]}},
    said,
    said,
    ...stepEntries('a', {verdict: 'skip', detail: 'nothing to back up'}),
    checkEntry({server: 'one'}),
    checkEntry({server: 'two', verdict: 'skip', detail: 'no TLS', check: 'health/tls'}),
    checkEntry({server: 'one', verdict: 'skip', detail: 'no TLS', check: 'health/tls'}),
  )
  assert.deepEqual(notProved, [
    {what: 'load', why: 'none declared'},
    {what: 'health/tls on two and one', why: 'no TLS'},
    {what: 'anything about two and three', why: 'no check looked at it in this run'},
    {what: 'what a would have shown', why: 'nothing to back up'},
    {what: 'what b and c would have shown', why: 'the run ended before'},
  ])
})

test('a step that was run again counts by its newest end, and an unplanned one is listed last', () => {
  const {steps, run} = model(
    runEntry('a', 'b'),
    {type: 'step', step: 'a', state: 'started'},
    runEntry('a', 'b'),
    ...stepEntries('90-rollback'),
    ...stepEntries('a'),
  )
  assert.deepEqual(
    steps.map(step => [step.name, step.state, step.offsetMs]),
    [
      ['a', 'finished', 5000],
      ['b', 'never began', undefined],
      ['90-rollback', 'finished', 3000],
    ],
  )
  assert.equal(run.resumed, 1)
})

test('the side of a limit is told only where passed values show it', () => {
  const bound = (...list: [verdict: 'pass' | 'fail', value: number, limit: number][]) =>
    model(...list.map(([verdict, value, limit]) => checkEntry({verdict, value, limit}))).checks[0]?.bound
  assert.equal(bound(['fail', 412, 150], ['pass', 90, 150]), '≤')
  assert.equal(bound(['pass', 91, 85]), '≥')
  assert.equal(bound(['fail', 412, 150]), '')
  assert.equal(bound(['pass', 5, 5]), '')
  assert.equal(bound(['pass', 4, 5], ['pass', 6, 5]), '')
})

test('a fact may leave out what it does not know', () => {
  const release = {type: 'fact', name: 'release', value: {digest: 'd', runtime: {node: '26.10.0'}}} as const
  const environment = {type: 'fact', name: 'environment', value: {}} as const
  const {facts} = model(runEntry(), release, environment)
  assert.deepEqual(facts.release, {digest: 'd', servers: [], runtime: 'node 26.10.0'})
  assert.deepEqual(facts.environment, {tools: {}})
  assert.equal(model({...release, value: {digest: 'd'}}).facts.release?.digest, 'd')
})

test('facts of another shape count as missing instead of breaking the report', () => {
  const names = ['release', 'plan', 'instance', 'environment', 'unproved', 'fingerprint.before']
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const {facts} = model(runEntry(), ...names.map(name => ({type: 'fact', name, value}) as const))
      assert.equal(facts.release, undefined)
      assert.equal(facts.fingerprints, value === undefined ? 'none' : 'unknown')
    }),
    {numRuns: 50},
  )
})
