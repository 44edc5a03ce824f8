import assert from 'node:assert/strict'
import {test} from 'node:test'
import {fillIds} from '../../../scripts/lib/witness/fillIds.ts'

test('{id} is filled into any text, and {ids} becomes the list', () => {
  const declared = {
    entities: [{name: '{id}', entityType: 'witness', observations: ['made as {id}'], weight: 2}],
    none: null,
  }
  assert.deepEqual(fillIds(declared, {id: 'w-1'}), {
    entities: [{name: 'w-1', entityType: 'witness', observations: ['made as w-1'], weight: 2}],
    none: null,
  })
  assert.deepEqual(fillIds({entityNames: '{ids}'}, {ids: ['w-1', 'w-2']}), {entityNames: ['w-1', 'w-2']})
  assert.deepEqual(declared.entities[0]?.name, '{id}', 'what was declared is left as it is')
})
