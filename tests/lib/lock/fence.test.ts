// The fence of a lease: a change that was begun under it and comes after it was taken over changes nothing.
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {endFence, fencePath, raiseFence} from '../../../scripts/lib/lock/fence.ts'
import {keepLease} from '../../../scripts/lib/lock/lease.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {acquire, holdingProcess} from './holding.ts'

for (const change of ['write', 'remove'] as const) {
  test(`X14 a process that is stopped right before it would ${change} a file, after all was asked, does not once its lease is gone`, async t => {
    const root = temporaryFolder(t)
    const shared = join(root, 'shared')
    const first = await holdingProcess(t, root, 'first')
    assert.equal(await first.tell('write'), 'done')
    assert.equal(readFileSync(shared, 'utf8'), 'first')
    const answer = first.tell(`${change} late`)
    await stopped(first.child.pid ?? 0)

    const {holder} = await acquire(root, 'second', {waitMs: 20_000})
    const lease = keepLease(root, holder)
    t.after(lease.rest)
    lease.write(shared, 'second')
    process.kill(first.child.pid ?? 0, 'SIGCONT')
    assert.match(await answer, /^LeaseLost: run first lost the lock .*\(token 1\).*run second holds the lock/)
    assert.equal(readFileSync(shared, 'utf8'), 'second')
    lease.remove(shared)
    lease.remove(shared)
    assert.equal(existsSync(shared), false)
    assert.deepEqual(folders(root), ['lock.writes-2'])
    lease.release()
    assert.deepEqual(folders(root), [])
  })
}

test('a change that fails for another reason says that reason, and the lease goes on', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'only')
  const lease = keepLease(root, holder)
  t.after(lease.rest)
  mkdirSync(join(root, 'folder', 'full'), {recursive: true})
  assert.throws(() => lease.write(join(root, 'folder'), 'text'), {code: 'EISDIR'})
  lease.write(join(root, 'new', 'file'), 'text')
  assert.equal(readFileSync(join(root, 'new', 'file'), 'utf8'), 'text')
  assert.deepEqual(readdirSync(fencePath(root, holder.token)), [], 'nothing half-written stays')
})

test('what a killed holder left in its folder goes with the next taking', t => {
  const root = temporaryFolder(t)
  raiseFence(root, 1)
  writeFileSync(join(fencePath(root, 1), 'routes.json.7.new'), 'half')
  // Killed between the move and the removal.
  mkdirSync(join(root, 'lock.writes-0.ended'))
  raiseFence(root, 2)
  assert.deepEqual(folders(root), ['lock.writes-2'])
  endFence(root, 1)
  assert.deepEqual(folders(root), ['lock.writes-2'])
})

function folders(root: string): string[] {
  return readdirSync(root).filter(name => name.startsWith('lock.writes-'))
}

async function stopped(pid: number): Promise<void> {
  const state = () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0]
  }
  while (state() !== 'T') await pause(10)
}
