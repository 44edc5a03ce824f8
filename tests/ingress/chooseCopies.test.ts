import assert from 'node:assert/strict'
import {test} from 'node:test'
import {type Choosable, chooseCopies} from '../../ingress/chooseCopies.ts'
import type {CopyState} from '../../ingress/routes.ts'

type Copy = {id: string; state: CopyState}
const active: Copy = {id: 'new', state: 'active'}
const draining: Copy = {id: 'old', state: 'draining'}
const ended: Copy = {id: 'older', state: 'ended'}

function choose(
  copies: Copy[],
  session: {named: boolean; owner?: Copy},
  server: Partial<Choosable<Copy>> = {},
  passes = false,
) {
  const choice = chooseCopies({copies, cutover: 'blue-green', holds: false, ...server}, session, () => passes)
  return choice.kind === 'send' ? choice.copies.map(copy => copy.id) : choice.kind
}

test('new traffic goes to the active copy, a session stays with its own until that has ended', () => {
  const copies = [draining, ended, active]
  assert.deepEqual(choose(copies, {named: false}), ['new'])
  assert.deepEqual(choose(copies, {named: true, owner: draining}), ['old'])
  assert.deepEqual(choose(copies, {named: true, owner: active}), ['new'])
  assert.equal(choose(copies, {named: true, owner: ended}), 'gone')
})

test('a session that is unknown here is asked for at every copy that may know it, the active one first', () => {
  assert.deepEqual(choose([draining, ended, active], {named: true}), ['new', 'old'])
  assert.deepEqual(choose([draining], {named: true}), ['old'])
})

test('without an active copy requests wait where they may, and are refused where they may not', () => {
  assert.equal(choose([ended], {named: false}), 'none')
  assert.equal(choose([draining], {named: false}), 'none')
  assert.equal(choose([ended], {named: false}, {holds: true}), 'hold')
  assert.equal(choose([ended], {named: true}, {holds: true}), 'hold')
  assert.deepEqual(choose([active], {named: false}, {holds: true}), ['new'])
})

test('a single writer falls silent: its sessions wait too, except for what ends a running call', () => {
  const recreate = {holds: true, cutover: 'recreate'} as const
  const session = {named: true, owner: draining}
  assert.equal(choose([draining], session, recreate), 'hold')
  assert.deepEqual(choose([draining], session, recreate, true), ['old'])
  assert.deepEqual(choose([draining], session, {holds: true}), ['old'])
  assert.equal(choose([ended], {named: true, owner: ended}, recreate), 'gone')
})
