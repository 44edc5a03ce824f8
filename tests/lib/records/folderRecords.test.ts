// An environment remembers which release is live and what is known of each; a file changed by hand is not taken for none.
import assert from 'node:assert/strict'
import {mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import type {ReleaseRecord} from '../../../scripts/lib/records/records.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const record = (release: string): ReleaseRecord => ({
  release,
  fleet: 'harbour',
  servers: {one: '1.0.0'},
  placedAt: '2026-11-20T10:00:00.000Z',
  rehearsals: [],
})

test('an environment that never had anything knows nothing, and makes nothing by looking', async t => {
  const root = join(temporaryFolder(t), 'root')
  const records = folderRecords(root)
  assert.deepEqual(
    [await records.live(), await records.release('a'), await records.releases()],
    [undefined, undefined, []],
  )
  assert.throws(() => readdirSync(root), /ENOENT/)
})

test('what was written is there for whoever looks next', async t => {
  const root = join(temporaryFolder(t), 'root')
  const pointer = {release: 'a', since: '2026-11-20T10:00:00.000Z', run: 'r'}
  await folderRecords(root).setLive(pointer)
  await folderRecords(root).setRelease(record('a'))
  await folderRecords(root).setRelease(record('b'))
  await folderRecords(root).setRelease({...record('a'), verified: {run: 'r', at: 'now'}})
  const records = folderRecords(root)
  assert.deepEqual(await records.live(), pointer)
  assert.deepEqual((await records.release('a'))?.verified, {run: 'r', at: 'now'})
  assert.deepEqual(
    (await records.releases()).map(({release}) => release),
    ['a', 'b'],
  )
  await records.clearLive()
  assert.equal(await records.live(), undefined)
  await records.clearLive()
})

test('X14 where another run may be at work, nothing is set and nothing cleared, and everything can be read', async t => {
  const root = join(temporaryFolder(t), 'root')
  const pointer = {release: 'a', since: 'now', run: 'r'}
  await folderRecords(root).setLive(pointer)
  const refuse = () => {
    throw new Error('another run has it')
  }
  const records = folderRecords(root, {assert: refuse, write: refuse, remove: refuse})
  const changes = Object.entries(records).filter(([name]) => /^(set|clear)/.test(name))
  assert.equal(changes.length, 4)
  const contract = {server: 'one', format: 1, digest: '', views: {}, surfaces: {}}
  for (const [name, change] of changes)
    await assert.rejects(
      async () => Reflect.apply(change, records, name === 'setContract' ? ['a', contract] : [record('a')]),
      /another run has it/,
      name,
    )
  assert.deepEqual([await records.live(), await records.releases()], [pointer, []])
})

test('a damaged file is an error that names the command which still works', async t => {
  const root = temporaryFolder(t, {'live.json': 'not JSON'})
  await assert.rejects(
    () => folderRecords(root).live(),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === `${join(root, 'live.json')}: should be the live pointer, is no JSON: not JSON` &&
      error.remedy === `sh ${root}/rollback.sh needs none of it: it puts a release back, and writes it again`,
  )
  const other = temporaryFolder(t)
  mkdirSync(join(other, 'live.json'))
  await assert.rejects(() => folderRecords(other).live(), /live\.json: should be the live pointer, is a folder$/)
})

test('what is no digest of a release, as in a journal that was edited, is refused, and no file is written', async t => {
  const root = join(temporaryFolder(t), 'root')
  const records = folderRecords(root)
  for (const name of ['sha256:ab', '../../a', '', 'a\u001b[31m'])
    for (const asked of [
      () => records.release(name),
      () => records.setRelease(record(name)),
      () => records.contract(name, 'one'),
    ])
      await assert.rejects(asked(), {name: 'UserError', message: /is not the digest of a release$/})
  assert.throws(() => readdirSync(root), /ENOENT/)
})
