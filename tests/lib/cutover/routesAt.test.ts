// Routes at a point of a change: by which names the ingress is called while both sides may be.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {routesAt} from '../../../scripts/lib/cutover/routesAt.ts'
import type {Stage, Transition} from '../../../scripts/lib/cutover/transition.ts'
import {instanceIn} from '../../targets/localInstance.ts'

const side = (name: string) => {
  const instance = instanceIn(`/srv/${name}`, ['one'], {})
  return {...instance, ingress: {...instance.ingress, hosts: ['localhost', name], origins: [`https://${name}`]}}
}
const namesAt = (purpose: Transition['purpose'], stage: Stage, more: Partial<Transition> = {}) => {
  const changes = [{server: 'one', kind: 'replace', strategy: 'blue-green'}] as const
  const sides = {from: side('early'), to: side('late')}
  const {hosts, origins} = routesAt(
    {run: 'r', purpose, ...sides, changes: [...changes], stages: {one: stage}, ...more},
    1,
  )
  return {hosts, origins}
}
const both = {hosts: ['localhost', 'late', 'early'], origins: ['https://late', 'https://early']}
const late = {hosts: ['localhost', 'late'], origins: ['https://late']}

test('earlier names of the ingress are good until the change was found good and every server has settled', () => {
  assert.deepEqual(namesAt('deploy', 'waiting'), both)
  assert.deepEqual(namesAt('deploy', 'settled'), both, 'a deploy may still be undone')
  assert.deepEqual(namesAt('restore', 'settled'), both)
  assert.deepEqual(namesAt('finish', 'switched'), both)
  assert.deepEqual(namesAt('finish', 'settled'), late)
  assert.deepEqual(namesAt('rollback', 'switched'), both)
  assert.deepEqual(namesAt('rollback', 'settled'), late)
})

test('with one side, its names count', () => {
  assert.deepEqual(namesAt('deploy', 'waiting', {from: undefined}), late)
  assert.deepEqual(namesAt('rollback', 'settled', {to: undefined}), {
    hosts: ['localhost', 'early'],
    origins: ['https://early'],
  })
})
