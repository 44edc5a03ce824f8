import assert from 'node:assert/strict'
import {appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {type IndexedBackup, readIndex, writeIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {findBackup} from '../../../scripts/lib/backup/findBackup.ts'
import {applyRetention, splitByAge} from '../../../scripts/lib/backup/retention.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {type LiveEnvironment, liveEnvironment, signal} from './environment.ts'

const now = new Date('2026-12-01T00:00:00.000Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

async function backUps(live: LiveEnvironment, ages: readonly number[]): Promise<string[]> {
  const paths: string[] = []
  for (const days of ages) paths.push((await live.backUp({now: daysAgo(days)})).path)
  return paths
}

const entry = (days: number): IndexedBackup => ({
  path: `/backups/${days}`,
  host: 'here',
  release: 'a'.repeat(64),
  run: 'r',
  at: daysAgo(days).toISOString(),
  bytes: 1,
  sha256: 'b'.repeat(64),
  withCode: false,
})

test('kept are the newest by count, and none that is too old', () => {
  const backups = [40, 20, 10, 5, 1].map(entry)
  const kept = (count: number, days: number) =>
    splitByAge(backups, {count, days}, now).kept.map(({path}) => path.slice(9))
  assert.deepEqual(kept(10, 30), ['20', '10', '5', '1'])
  assert.deepEqual(kept(2, 30), ['5', '1'])
  assert.deepEqual(kept(10, 5), ['5', '1'])
  assert.deepEqual(kept(10, 0.5), [])
  // A clock that was set back makes the newest look old, or all look as if they were made tomorrow.
  assert.deepEqual(
    splitByAge([1, 5, 0].map(entry), {count: 1, days: 30}, now).kept.map(({path}) => path),
    ['/backups/0'],
  )
  assert.equal(splitByAge([entry(-3)], {count: 1, days: 1}, now).kept.length, 1)
})

test('what is due is removed from the disk and from the index', async t => {
  const live = liveEnvironment(t)
  const paths = await backUps(live, [40, 20, 10, 1])
  const removed = await applyRetention(folderDocuments(live.root), {count: 2, days: 30}, now, signal)
  assert.deepEqual(
    removed.map(({path}) => path),
    paths.slice(0, 2),
  )
  assert.deepEqual(
    paths.map(path => existsSync(path)),
    [false, false, true, true],
  )
  assert.deepEqual(
    (await readIndex(folderDocuments(live.root))).map(({path}) => path),
    paths.slice(2),
  )
})

test('the only one stays, however old it is', async t => {
  const live = liveEnvironment(t)
  const [path = ''] = await backUps(live, [400])
  assert.deepEqual(await applyRetention(folderDocuments(live.root), {count: 1, days: 1}, now, signal), [])
  assert.ok(existsSync(path))
})

test('the newest whole one stays although it is due, when those that stay are damaged or gone', async t => {
  const live = liveEnvironment(t)
  const paths = await backUps(live, [40, 35, 2, 1])
  // One bit, the same size: only reading it tells.
  const [, , second = '', newest = ''] = paths
  rmSync(second)
  const size = Number((await readIndex(folderDocuments(live.root))).at(-1)?.bytes)
  writeFileSync(newest, Buffer.alloc(size))
  assert.deepEqual(
    (await applyRetention(folderDocuments(live.root), {count: 2, days: 30}, now, signal)).map(({path}) => path),
    [paths[0]],
  )
  assert.deepEqual(
    paths.map(path => existsSync(path)),
    [false, true, false, true],
  )
  assert.equal(
    (await findBackup({documents: folderDocuments(live.root), folder: dirname(newest), named: undefined})).file,
    newest,
  )
})

test('when no backup is whole none is removed', async t => {
  const live = liveEnvironment(t)
  const paths = await backUps(live, [40, 35])
  for (const {path, bytes} of await readIndex(folderDocuments(live.root))) writeFileSync(path, Buffer.alloc(bytes))
  assert.deepEqual(await applyRetention(folderDocuments(live.root), {count: 1, days: 1}, now, signal), [])
  assert.deepEqual(
    paths.map(path => existsSync(path)),
    [true, true],
  )
})

test('backups of other hosts and files that nobody knows are left alone', async t => {
  const live = liveEnvironment(t)
  const [path = ''] = await backUps(live, [1])
  const foreign = {...entry(300), host: 'another host'}
  await writeIndex(folderDocuments(live.root), [foreign, ...(await readIndex(folderDocuments(live.root)))])
  const unknown = join(dirname(path), '20200101-000000-000-aaaaaaaaaaaa.tar.gz')
  writeFileSync(unknown, '')
  await applyRetention(folderDocuments(live.root), {count: 1, days: 1}, now, signal)
  assert.deepEqual((await readIndex(folderDocuments(live.root))).map(({host}) => host)[0], 'another host')
  assert.equal(readdirSync(dirname(path)).length, 2)
})

test('the newest is the one that was made last and is there; without an index it is found by name', async t => {
  const live = liveEnvironment(t)
  const folder = join(live.folder, 'backups/harbour/staging')
  const find = (named?: string) => findBackup({documents: folderDocuments(live.root), folder, named})
  await assert.rejects(() => find(), {name: 'UserError', message: /there is no backup yet/})
  // The clock was set back between the two.
  const [first = '', second = ''] = await backUps(live, [1, 3])
  assert.equal((await find()).file, second)
  assert.equal((await find(first)).sha256, (await readIndex(folderDocuments(live.root)))[0]?.sha256)
  appendFileSync(second, 'x')
  assert.equal((await find()).file, first)
  rmSync(join(live.root, 'backups.json'))
  assert.deepEqual(await find(), {file: first, sha256: undefined})
})

test('B12 latest never means what a restore replaced, with the index and without it; its name does', async t => {
  const live = liveEnvironment(t)
  const folder = join(live.folder, 'backups/harbour/staging')
  const find = async (named?: string) => (await findBackup({documents: folderDocuments(live.root), folder, named})).file
  const {path: replaced} = await live.backUp({now: daysAgo(3), reason: 'restore'})
  for (const named of [undefined, 'latest'])
    await assert.rejects(() => find(named), {name: 'UserError', message: /each backup here was made by a restore/})
  const {path: good} = await live.backUp({now: daysAgo(2), reason: 'deploy'})
  const {path: newest} = await live.backUp({now: daysAgo(1), reason: 'restore'})
  assert.deepEqual([await find(), await find('latest')], [good, good])
  assert.equal(await find(newest.split('/').at(-1)?.slice(0, 19)), newest)
  assert.equal(await find(replaced), replaced)
  rmSync(join(live.root, 'backups.json'))
  assert.equal(await find('latest'), good)
  rmSync(good)
  await assert.rejects(() => find('latest'), {name: 'UserError', message: /each backup here was made by a restore/})
})

test('an index of an earlier version, which has no reasons, is read; one that was changed by hand is refused', async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const [{reason: _, servers: __, readBack: ___, ...old} = entry(1)] = await readIndex(folderDocuments(live.root))
  await writeIndex(folderDocuments(live.root), [old])
  assert.deepEqual(await readIndex(folderDocuments(live.root)), [old])
  assert.equal(
    (await findBackup({documents: folderDocuments(live.root), folder: dirname(path), named: 'latest'})).file,
    path,
  )
  const file = join(live.root, 'backups.json')
  for (const [value, message] of [
    [{}, /it should be a list/],
    [[{...old, path: '../x'}], /0\.path should be an absolute path, got "\.\.\/x"/],
    [[{...old, bytes: 'many'}], /0\.bytes should be/],
    [[{...old, servers: ['../x']}], /0\.servers\.0 should be lower-case/],
    [[null], /0 should be a map/],
  ] as const) {
    writeFileSync(file, JSON.stringify(value))
    await assert.rejects(() => readIndex(folderDocuments(live.root)), {name: 'UserError', message})
  }
  rmSync(file)
  mkdirSync(file)
  await assert.rejects(() => readIndex(folderDocuments(live.root)), {name: 'UserError', message: /is a folder/})
})

test('B12 a row of restores does not push out the backup to which they went back', async t => {
  const live = liveEnvironment(t)
  const {path: good} = await live.backUp({now: daysAgo(5)})
  for (const days of [4, 3, 2, 1]) await live.backUp({now: daysAgo(days), reason: 'restore'})
  const removed = await applyRetention(folderDocuments(live.root), {count: 2, days: 30}, now, signal)
  assert.deepEqual(
    removed.map(({at}) => at),
    [daysAgo(4).toISOString(), daysAgo(3).toISOString()],
  )
  assert.equal(
    (await findBackup({documents: folderDocuments(live.root), folder: dirname(good), named: 'latest'})).file,
    good,
  )
  // Also when it is too old, as long as nothing else is whole that was not about to be replaced.
  const later = new Date(now.getTime() + 27 * 86_400_000)
  assert.deepEqual(
    (await applyRetention(folderDocuments(live.root), {count: 2, days: 30}, later, signal)).map(({at}) => at),
    [],
  )
  assert.ok(existsSync(good))
})
