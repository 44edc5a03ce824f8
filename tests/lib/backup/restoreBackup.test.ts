import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {applyRestore, endRestore, undoRestore} from '../../../scripts/lib/backup/applyRestore.ts'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {readRestore} from '../../../scripts/lib/backup/restorePlan.ts'
import {stageRestore} from '../../../scripts/lib/backup/stageRestore.ts'
import {readInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import {verifyRelease} from '../../../scripts/lib/release/verifyRelease.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {digests, liveEnvironment, signal, write} from './environment.ts'

test('B12 a restore into an empty place gives pointer, records, state and code with the same digests', async t => {
  const live = liveEnvironment(t, {state: {'memory.jsonl': 'one\n', 'data/größe': 'two', 'data/empty': ''}})
  chmodSync(join(live.state, 'data'), 0o500)
  symlinkSync('data/größe', join(live.state, 'link'))
  const before = digests(live.root)
  const {path} = await live.backUp({withCode: true})

  // The same place, emptied: everything comes back.
  renameSync(live.root, `${live.root}.gone`)
  const plan = await restoreBackup({...live.here, file: path})
  assert.deepEqual(plan.notes, [])
  assert.deepEqual(digests(live.root), before)
  assert.equal((await readInstance(folderDocuments(live.root), live.root, 'live'))?.release, live.instance.release)

  // Another place: what holds paths of the old one is left out, and that is said.
  const root = join(temporaryFolder(t), 'other')
  const other = await restoreBackup({...live.here, root, file: path})
  assert.match(other.notes.join(), /the instance is not described: the backup is of/)
  assert.deepEqual(await folderRecords(root).live(), await folderRecords(live.root).live())
  assert.deepEqual(await folderRecords(root).releases(), await folderRecords(live.root).releases())
  const state = 'instances/live/state/memory'
  assert.deepEqual(digests(join(root, state)), digests(join(live.root, state)))
  const [release = ''] = readdirSync(join(root, 'releases'))
  assert.deepEqual(digests(join(root, 'releases', release)), digests(live.instance.releaseFolder))
  assert.equal(typeof (await verifyRelease(join(root, 'releases', release), signal)), 'object')
  assert.equal(existsSync(join(root, 'instances/live/instance.json')), false)
  for (const place of [root, live.root, `${live.root}.gone`]) chmodSync(join(place, state, 'data'), 0o700)
})

test('without its code a backup says what has to be built, and makes no half of a release', async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const root = join(temporaryFolder(t), 'other')
  const plan = await restoreBackup({...live.here, root, file: path})
  assert.match(plan.notes.join(), /the code of the release is not in the backup/)
  assert.equal(existsSync(join(root, 'releases')), false)
})

test('B12 a plan says whose state would change, touches nothing, and is undone to the same digests', async t => {
  const live = liveEnvironment(t, {state: {same: 'same', changes: 'before', removedLater: 'x'}})
  const {path} = await live.backUp()
  const unchanged = await stageRestore({...live.here, file: path, parts: ['state', 'records']})
  assert.deepEqual(unchanged.servers, [{server: 'memory', added: 0, removed: 0, changed: 0}])
  assert.deepEqual(unchanged.moves, [])
  endRestore(live.root)

  write(live.state, {changes: 'after!', addedLater: 'y', 'more/addedLater': 'z'})
  rmSync(join(live.state, 'removedLater'))
  const before = digests(live.root)
  const plan = await stageRestore({...live.here, file: path, parts: ['state', 'records']})
  assert.deepEqual(plan.servers, [{server: 'memory', added: 1, removed: 2, changed: 1}])
  assert.deepEqual(readRestore(live.root), plan)
  await assert.rejects(stageRestore({...live.here, file: path}), {
    name: 'UserError',
    message: /was begun and has not ended/,
  })

  applyRestore(live.root, plan, {parts: ['state'], servers: ['another']})
  assert.equal(readFileSync(join(live.state, 'changes'), 'utf8'), 'after!')
  applyRestore(live.root, plan, {parts: ['state'], servers: ['memory']})
  assert.deepEqual(readdirSync(live.state), ['changes', 'removedLater', 'same'])
  assert.equal(readFileSync(join(live.state, 'changes'), 'utf8'), 'before')
  undoRestore(live.root, plan)
  undoRestore(live.root, plan)
  endRestore(live.root)
  assert.deepEqual(digests(live.root), before)
})

test('X14 a restore that was killed between two renames is finished or undone from its plan', async t => {
  const live = liveEnvironment(t, {paths: ['one', 'two', 'new', 'absent'], state: {one: '1', two: '2', new: 'n'}})
  const {path} = await live.backUp()
  write(live.state, {one: '1 later', two: '2 later', absent: 'only later'})
  rmSync(join(live.state, 'new'))
  const later = digests(live.root)
  const restored = {one: '1', two: '2', new: 'n'}
  const renames = (await stageRestore({...live.here, file: path, parts: ['state']})).moves.flatMap(
    ({target, previous, staged}) => [
      ...(previous === undefined ? [] : [[target, previous] as const]),
      ...(staged === undefined ? [] : [[staged, target] as const]),
    ],
  )
  assert.equal(renames.length, 6)
  for (let killedAfter = 0; killedAfter <= renames.length; killedAfter++) {
    const plan = readRestore(live.root) ?? (await stageRestore({...live.here, file: path, parts: ['state']}))
    for (const [from, to] of renames.slice(0, killedAfter)) {
      mkdirSync(dirname(to), {recursive: true})
      renameSync(from, to)
    }
    if (killedAfter % 2 === 0) {
      applyRestore(live.root, plan)
      const now = Object.fromEntries(
        readdirSync(live.state).map(name => [name, readFileSync(join(live.state, name), 'utf8')]),
      )
      assert.deepEqual(now, restored, `finished after ${killedAfter}`)
    }
    undoRestore(live.root, plan)
    endRestore(live.root)
    assert.deepEqual(digests(live.root), later, `undone after ${killedAfter}`)
  }
})

test('when a part cannot be restored everything is put back', async t => {
  const live = liveEnvironment(t, {paths: ['one', 'folder/two'], state: {one: '1', 'folder/two': '2'}})
  const {path} = await live.backUp()
  write(live.state, {one: '1 later'})
  rmSync(join(live.state, 'folder'), {recursive: true})
  // A file where a folder has to be.
  writeFileSync(join(live.state, 'folder'), 'in the way')
  const before = digests(live.root)
  await assert.rejects(restoreBackup({...live.here, file: path}))
  assert.deepEqual(digests(live.root), before)
})

test("another environment's backup is refused", async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const before = digests(live.root)
  await assert.rejects(stageRestore({...live.here, environment: 'production', file: path}), {
    name: 'UserError',
    message: /should be a backup of harbour production, is one of harbour staging/,
  })
  assert.deepEqual(digests(live.root), before)
})

test('a record that is there stays, one that is missing or broken comes back', async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const record = join(live.root, 'records', `${live.instance.release}.json`)
  const newer = readFileSync(record, 'utf8').replace('{', '{"newer": true,')
  writeFileSync(record, newer)
  await restoreBackup({...live.here, file: path, parts: ['records']})
  assert.equal(readFileSync(record, 'utf8'), newer)
  for (const broken of ['{', '{"another": "thing"}', undefined]) {
    if (broken === undefined) rmSync(record)
    else writeFileSync(record, broken)
    await restoreBackup({...live.here, file: path, parts: ['records']})
    assert.equal((await folderRecords(live.root).release(live.instance.release))?.verified?.run, 'first')
  }
})
