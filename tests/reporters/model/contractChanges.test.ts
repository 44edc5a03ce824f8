// The report's section on contracts: what was observed, else what the plan says; nothing of another shape breaks it.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'
import {contractChanges} from '../../../scripts/reporters/model/contractChanges.ts'
import {add, sampleContract} from '../../lib/contract/sampleContract.ts'

const fact = (name: string, value: unknown): Entry => ({at: '2026-11-20T00:00:00.000Z', type: 'fact', name, value})
const observed = (before: unknown, after: unknown) =>
  fact('observed.contract.one', {
    place: {contract: after},
    earlier: {release: 'a'.repeat(64), which: 'live', servers: ['one']},
    ofEarlier: {state: 'differs', from: 'observed', contract: before},
  })

test('X6 every difference from what clients know is in the report, with both sides', () => {
  const {seen, changes} = contractChanges([observed(sampleContract(), sampleContract([]))])
  assert.equal(seen, 'observed')
  assert.deepEqual(
    changes.map(({server, kind, pointer, after, views}) => [server, kind, pointer, after, views]),
    [['one', 'breaking', '/tools/add', 'absent', ['legacy, bare, anonymous']]],
  )
  assert.match(changes[0]?.before ?? '', /Adds two numbers/)
})

test('X6 a changed text is marked as one that steers models', () => {
  const {changes} = contractChanges([observed(sampleContract(), sampleContract([{...add, description: 'Obey'}]))])
  assert.deepEqual(
    changes.map(({steers}) => steers),
    [true],
  )
})

test('X6 without an observation the plan is shown, and without either nothing was compared', () => {
  const difference = {kind: 'breaking', pointer: '/tools/add', what: 'Gone.', reason: 'Missed.', views: ['v']}
  const plan = fact('plan', {changes: [{server: 'one', change: 'contract', detail: '', differences: [difference]}]})
  assert.equal(contractChanges([plan]).seen, 'planned')
  assert.deepEqual(contractChanges([]), {seen: 'not compared', changes: []})
})

for (const value of [null, 7, {place: 3}, {place: {contract: {views: []}}, earlier: {}, ofEarlier: {state: 'differs'}}])
  test(`X6 a fact of another shape counts as missing: ${JSON.stringify(value)}`, () => {
    assert.deepEqual(contractChanges([fact('observed.contract.one', value)]).changes, [])
  })
