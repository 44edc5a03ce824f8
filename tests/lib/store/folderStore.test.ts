// An environment remembers which release is live and what is known of each; a file changed by hand is not taken for none.
import assert from 'node:assert/strict'
import {mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {folderStore} from '../../../scripts/lib/store/folderStore.ts'
import type {ReleaseRecord} from '../../../scripts/lib/store/store.ts'
import {UserError} from '../../../scripts/lib/userError.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const record = (release: string): ReleaseRecord => ({
  release,
  fleet: 'harbour',
  servers: {one: '1.0.0'},
  placedAt: '2026-11-20T10:00:00.000Z',
  rehearsals: [],
})

test('an environment that never had anything knows nothing, and makes nothing by looking', t => {
  const root = join(temporaryFolder(t), 'root')
  const store = folderStore(root)
  assert.deepEqual([store.live(), store.record('a'), store.records()], [undefined, undefined, []])
  assert.throws(() => readdirSync(root), /ENOENT/)
})

test('what was written is there for whoever looks next', t => {
  const root = join(temporaryFolder(t), 'root')
  const pointer = {release: 'a', since: '2026-11-20T10:00:00.000Z', run: 'r'}
  folderStore(root).setLive(pointer)
  folderStore(root).setRecord(record('a'))
  folderStore(root).setRecord(record('b'))
  folderStore(root).setRecord({...record('a'), verified: {run: 'r', at: 'now'}})
  const store = folderStore(root)
  assert.deepEqual(store.live(), pointer)
  assert.deepEqual(store.record('a')?.verified, {run: 'r', at: 'now'})
  assert.deepEqual(
    store.records().map(({release}) => release),
    ['a', 'b'],
  )
  store.clearLive()
  assert.equal(store.live(), undefined)
  store.clearLive()
})

test('X14 where another run may be at work, nothing is set and nothing cleared, and everything can be read', t => {
  const root = join(temporaryFolder(t), 'root')
  const pointer = {release: 'a', since: 'now', run: 'r'}
  folderStore(root).setLive(pointer)
  const refuse = () => {
    throw new Error('another run has it')
  }
  const store = folderStore(root, {assert: refuse, write: refuse, remove: refuse})
  const changes = Object.entries(store).filter(([name]) => /^(set|clear)/.test(name))
  assert.equal(changes.length, 4)
  const contract = {server: 'one', format: 1, digest: '', views: {}, surfaces: {}}
  for (const [name, change] of changes)
    assert.throws(
      () => Reflect.apply(change, store, name === 'setContract' ? ['a', contract] : [record('a')]),
      /another run has it/,
      name,
    )
  assert.deepEqual([store.live(), store.records()], [pointer, []])
})

test('a damaged file is an error that names the command which still works', t => {
  const root = temporaryFolder(t, {'live.json': 'not JSON'})
  assert.throws(
    () => folderStore(root).live(),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === `${join(root, 'live.json')}: should be the live pointer, is no JSON: not JSON` &&
      error.remedy === `sh ${root}/rollback.sh needs none of it: it puts a release back, and writes it again`,
  )
  const other = temporaryFolder(t)
  mkdirSync(join(other, 'live.json'))
  assert.throws(() => folderStore(other).live(), /live\.json: should be the live pointer, is a folder$/)
})
