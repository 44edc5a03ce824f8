// A copy is kept over a change when nothing changed of how it runs; its supervisor holds it to its memory, so that counts.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {planTransition} from '../../../scripts/lib/cutover/planTransition.ts'
import type {Release} from '../../../scripts/lib/release/release.ts'
import {instanceIn} from '../../targets/localInstance.ts'

const release = {digest: 'd'.repeat(64), servers: {one: {argv: ['one']}}} as unknown as Release
const kindOf = (before: object, after: object) => {
  const side = (limits: object) => ({instance: instanceIn('/srv/harbour', ['one'], {limits}), release})
  return planTransition('deploy', 'run', side(before), side(after)).changes.map(({kind}) => kind)
}

test('a copy with another limit of memory, or of files, is replaced', () => {
  assert.deepEqual(kindOf({memoryMegabytes: 300}, {memoryMegabytes: 200}), ['replace'])
  assert.deepEqual(kindOf({}, {memoryMegabytes: 200}), ['replace'])
  assert.deepEqual(kindOf({memoryMegabytes: 300}, {}), ['replace'])
  assert.deepEqual(kindOf({openFiles: 300}, {openFiles: 200}), ['replace'])
})

test('a copy that is only judged in another way is kept', () => {
  const limits = {memoryMegabytes: 300}
  assert.deepEqual(kindOf(limits, limits), ['keep'])
  assert.deepEqual(kindOf(limits, {...limits, healthMs: 1, leakSeconds: 1, steadySeconds: 1}), ['keep'])
})
