// C12: servers change after what they depend on; live ones a canary first, then growing numbers.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {changeBatches} from '../../../scripts/lib/cutover/changeBatches.ts'
import type {Stage, Transition} from '../../../scripts/lib/cutover/transition.ts'
import type {Rollout} from '../../../scripts/lib/fleet/schema.ts'

const rollout: Rollout = {canary: 1, growth: 2, failureBudget: 0, onFailure: 'rollback-all'}

function transition(batches: string[][], own: {keep?: string[]; stages?: Record<string, Stage>} = {}): Transition {
  const names = batches.flat()
  const changes = names.map(server => {
    const kind = own.keep?.includes(server) ? 'keep' : 'replace'
    return {server, kind, strategy: 'blue-green'} as const
  })
  const stages = Object.fromEntries(names.map(name => [name, own.stages?.[name] ?? ('waiting' as const)]))
  return {run: 'r', purpose: 'deploy', from: undefined, to: {batches} as Transition['to'], changes, stages}
}

const named = (batches: {server: string}[][]) => batches.map(batch => batch.map(change => change.server))

test('without a rollout all that may change at the same time does', () => {
  assert.deepEqual(named(changeBatches(transition([['a', 'b'], ['c']]), undefined)), [['a', 'b'], ['c']])
})

test('with one, a canary goes first and the batches grow over the whole change', () => {
  const all = transition([
    ['a', 'b', 'c', 'd'],
    ['e', 'f', 'g', 'h', 'i', 'j'],
  ])
  assert.deepEqual(named(changeBatches(all, rollout)), [['a'], ['b', 'c'], ['d'], ['e', 'f', 'g', 'h', 'i', 'j']])
  const slow = changeBatches(all, {...rollout, growth: 1})
  assert.ok(slow.every(batch => batch.length === 1))
})

test('a server that is kept takes no place in a batch', () => {
  const some = transition([['a', 'b', 'c']], {keep: ['a', 'b']})
  assert.deepEqual(named(changeBatches(some, rollout)), [['a', 'b'], ['c']])
})

test('what was changed before a kill is not changed again', () => {
  const half = transition([['a', 'b', 'c']], {stages: {a: 'switched', b: 'held'}})
  assert.deepEqual(named(changeBatches(half, undefined)), [['b', 'c']])
})

test('servers that only the old side has come last', () => {
  const removed = transition([['a']])
  const withOld = {
    ...removed,
    changes: [...removed.changes, {server: 'z', kind: 'remove', strategy: 'blue-green'} as const],
    stages: {...removed.stages, z: 'waiting' as const},
  }
  assert.deepEqual(named(changeBatches(withOld, rollout)), [['a'], ['z']])
})
