// Documents in a folder do what every keeper of documents must do, in files that only their owner can read.
import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {keepLease} from '../../../scripts/lib/lock/lease.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {acquire} from '../lock/holding.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {documentsConformance} from './documentsConformance.ts'

documentsConformance('in a folder', async t => {
  const root = temporaryFolder(t)
  const lease = keepLease(root, (await acquire(root, 'first')).holder)
  t.after(lease.rest)
  return {
    documents: folderDocuments(root, lease),
    reader: folderDocuments(root),
    loseLease: async () => {
      rmSync(join(root, 'lock.json'))
      await acquire(root, 'second')
    },
    lost: /^LeaseLost: run first lost the lock of this environment .*run second holds the lock/,
    makeUnreadable: key => {
      rmSync(join(root, key), {recursive: true})
      if (key.endsWith('/')) writeFileSync(join(root, key.slice(0, -1)), '')
      else mkdirSync(join(root, key))
    },
  }
})

test('a document is the file at its key, for its owner alone, and nothing else is left beside it', async t => {
  const root = join(temporaryFolder(t), 'root')
  const documents = folderDocuments(root)
  assert.equal(await documents.read('live.json'), undefined)
  assert.throws(() => readdirSync(root), /ENOENT/, 'looking makes nothing')
  await documents.write('records/a.json', 'one\n')
  assert.deepEqual(readdirSync(root, {recursive: true}).sort(), ['records', 'records/a.json'])
  assert.equal(readFileSync(documents.place('records/a.json'), 'utf8'), 'one\n')
  assert.equal(statSync(join(root, 'records/a.json')).mode & 0o777, 0o600)
})

test('what a killed write left beside a document, and what a person copied, is not listed', async t => {
  const root = temporaryFolder(t, {'records/a.json': '', 'records/a.json.12.new': '', 'records/a copy.json': ''})
  assert.deepEqual(await folderDocuments(root).list('records/'), ['records/a.json'])
})
