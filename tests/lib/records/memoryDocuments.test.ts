// Documents in memory do what every keeper of documents must do.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Document} from '../../../scripts/lib/records/documents.ts'
import {memoryDocuments} from '../../../scripts/lib/records/memoryDocuments.ts'
import {documentsConformance} from './documentsConformance.ts'

documentsConformance('in memory', () => {
  const kept = new Map<string, Document>()
  const unreadable = new Set<string>()
  const faultOf = (key: string) => (unreadable.has(key) ? 'cannot be read' : undefined)
  let isLost = false
  const assert = () => {
    if (isLost) throw new Error('another run has it')
  }
  return {
    documents: memoryDocuments({kept, assert, faultOf}),
    reader: memoryDocuments({kept, faultOf}),
    loseLease: () => {
      isLost = true
    },
    lost: /another run has it/,
    makeUnreadable: key => unreadable.add(key),
  }
})

test('two that keep nothing in common share no document', async () => {
  const [one, other] = [memoryDocuments({kept: new Map()}), memoryDocuments({kept: new Map()})]
  await one.write('live.json', 'one')
  assert.equal(await other.read('live.json'), undefined)
})
