import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {endRestore, undoRestore} from '../../../scripts/lib/backup/applyRestore.ts'
import {findBackup} from '../../../scripts/lib/backup/findBackup.ts'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {readRestore} from '../../../scripts/lib/backup/restorePlan.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {digests, liveEnvironment, signal, write} from './environment.ts'
import {startChild} from './startChild.ts'

// The index, and what of one was written when the process was killed.
function withoutIndex(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !/^backups\.json(\.\d+\.new)?$/.test(path)))
}

test('X14 kill -9 while a backup is made: no half of one has its name, live is the same, the next one tidies up', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(8_000_000)}})
  const folder = join(live.folder, 'backups/harbour/staging')
  const before = withoutIndex(digests(live.root))
  let cutShort = 0
  for (const afterMs of [0, 60, 150, 300, 600]) {
    const {child, began, ended} = startChild('backup', live.folder)
    await began
    await pause(afterMs)
    child.kill('SIGKILL')
    await ended
    assert.deepEqual(withoutIndex(digests(live.root)), before)
    const names = existsSync(folder) ? readdirSync(folder) : []
    if (names.some(name => name.startsWith('.partial-'))) cutShort++
    for (const name of names.filter(name => !name.startsWith('.')))
      assert.ok('manifest' in (await verifyBackup({file: join(folder, name), signal})), name)
  }
  assert.ok(cutShort > 0, 'no kill met a backup that was being made')
  const {path} = await live.backUp({now: new Date()})
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('.')),
    [],
  )
  assert.equal((await findBackup({documents: folderDocuments(live.root), folder, named: undefined})).file, path)
})

test('X14 kill -9 while a backup is restored: the old state is there or comes back, and the next try succeeds', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(8_000_000), small: 'before'}})
  const {path} = await live.backUp()
  const restored = digests(live.state)
  write(live.state, {small: 'later', more: 'later'})
  const later = digests(live.state)
  for (const afterMs of [0, 40, 100, 200, 300]) {
    const {child, began, ended} = startChild('restore', live.folder, path)
    await began
    await pause(afterMs)
    child.kill('SIGKILL')
    await ended
    const plan = readRestore(live.root)
    if (plan !== undefined) {
      undoRestore(live.root, plan)
      endRestore(live.root)
    }
    const now = digests(live.state)
    assert.ok([JSON.stringify(later), JSON.stringify(restored)].includes(JSON.stringify(now)), `after ${afterMs} ms`)
    write(live.state, {small: 'later', more: 'later'})
  }
  await restoreBackup({...live.here, file: path})
  assert.deepEqual(digests(live.state), restored)
  assert.deepEqual(
    readdirSync(live.root).filter(name => name.startsWith('restore')),
    [],
  )
})

const memoryMegabytes = 200

test(`B12 memory does not grow with the state: 200 MB within ${memoryMegabytes} MB, back up and restore`, async t => {
  const live = liveEnvironment(t)
  writeFileSync(join(live.state, 'large'), randomBytes(1_000_000))
  truncateSync(join(live.state, 'large'), 200_000_000)
  const made = await startChild('backup', live.folder).ended
  assert.equal(made.code, 0, made.said)
  assert.ok(peakOf(made.said) < memoryMegabytes, made.said)
  const {file} = await findBackup({
    documents: folderDocuments(live.root),
    folder: join(live.folder, 'backups/harbour/staging'),
    named: undefined,
  })
  write(live.state, {large: 'later'})
  const restored = await startChild('restore', live.folder, file).ended
  assert.equal(restored.code, 0, restored.said)
  assert.ok(peakOf(restored.said) < memoryMegabytes, restored.said)
  t.diagnostic(`peak ${peakOf(made.said)} MB backing up, ${peakOf(restored.said)} MB restoring`)
})

function peakOf(said: string): number {
  return Number(/peak ([\d.]+)/.exec(said)?.[1] ?? assert.fail(said))
}

test('X14 a disk that fills up in the middle: it is said, nothing half-made stays, live is untouched', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(4_000_000)}})
  const before = digests(live.root)
  const backups = join(live.folder, 'backups')
  // Too small for the copy, and too small for the archive beside the copy.
  for (const megabytes of [2, 6])
    await withSmallDisk(t, backups, megabytes, async () => {
      const said = /the disk is full: \d+ MB are left there; nothing half-made was kept/
      await assert.rejects(live.backUp(), {name: 'UserError', message: said})
      assert.deepEqual(readdirSync(join(backups, 'harbour/staging')), [])
      assert.deepEqual(digests(live.root), before)
    })
})

test('X14 a disk that fills up while a backup is restored: nothing was changed, nothing stays', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(4_000_000)}})
  const {path} = await live.backUp()
  const root = join(live.folder, 'small')
  await withSmallDisk(t, root, 2, async () => {
    await assert.rejects(restoreBackup({...live.here, root, file: path}), {
      name: 'UserError',
      message: /the disk is full/,
    })
    assert.deepEqual(readdirSync(root), [])
  })
})

/** Runs `body` with a small disk at that folder; skips the test where no file system can be mounted. */
async function withSmallDisk(t: TestContext, folder: string, megabytes: number, body: () => Promise<void>) {
  mkdirSync(folder, {recursive: true})
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {stdio: 'pipe'})
  } catch (thrown) {
    t.skip(`a disk that is full needs the right to mount one: ${(thrown as Error).message.split('\n')[0]}`)
    return
  }
  try {
    await body()
  } finally {
    execFileSync('umount', [folder])
  }
}
