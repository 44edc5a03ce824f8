// A lease: renewed while it is worked under, ended when it is not, and asked before each change.
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {readHeartbeat} from '../../../scripts/lib/lock/heartbeat.ts'
import {claimPath, readLock} from '../../../scripts/lib/lock/holder.ts'
import {stateOf} from '../../../scripts/lib/lock/holderState.ts'
import {assertHeld, keepLease, LeaseLost} from '../../../scripts/lib/lock/lease.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {acquire, endedPid, holdingProcess, writeBeat, writeLock} from './holding.ts'

const hourMs = 3_600_000

test('X14 a holder elsewhere is believed while its heartbeat changes, however long one waits', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'far', host: 'elsewhere', leaseSeconds: 0.6})
  let beat = 0
  const alive = setInterval(() => writeBeat(root, 4, beat++), 50)
  t.after(() => clearInterval(alive))
  const said: string[] = []
  await assert.rejects(
    () => acquire(root, 'two', {waitMs: 2500, say: line => said.push(line)}),
    /the deadline of 2.5 s passed: .*: run far holds the lock of this environment to deploy \(u@elsewhere/,
  )
  assert.deepEqual(said, [
    '  waiting at most 3 s: run far holds the lock of this environment to deploy (u@elsewhere, process 1, since 2026-11-20T10:00:00.000Z); it is at work',
  ])
  assert.equal(readLock(root)?.run, 'far')

  clearInterval(alive)
  const {takenOver} = await acquire(root, 'two', {waitMs: 10_000})
  assert.deepEqual(
    [takenOver?.holder.run, takenOver?.because],
    ['far', 'it gave no sign of life for 0.6 s, as long as its lease lasts'],
  )
  assert.deepEqual(readdirSync(root).sort(), ['lock.json', 'lock.token', 'lock.writes-5'], 'its heartbeat is gone')
})

test('X14 a clock that was set back or forward neither ends a lease nor keeps a dead one', async t => {
  const root = temporaryFolder(t)
  for (const agoMs of [hourMs, -hourMs]) {
    writeLock(root, {run: 'far', host: 'elsewhere', leaseSeconds: 0.6})
    let beat = 0
    const alive = setInterval(() => writeBeat(root, 4, beat++, agoMs), 50)
    await assert.rejects(() => acquire(root, 'two', {waitMs: 1500}), /the deadline of 1.5 s passed/, `${agoMs}`)
    clearInterval(alive)
    assert.equal((await acquire(root, 'two', {waitMs: 10_000})).takenOver?.holder.run, 'far')
    rmSync(join(root, 'lock.json'))
  }
})

test('a lease that is silent by the clock is watched for a heartbeat also without --wait', async t => {
  const root = temporaryFolder(t)
  const held = writeLock(root, {run: 'far', host: 'elsewhere', leaseSeconds: 1})
  writeBeat(root, 4, 7, hourMs)
  assert.equal(stateOf(root, held, new Date()).state, 'silent')
  const said: string[] = []
  assert.equal((await acquire(root, 'two', {say: line => said.push(line)})).takenOver?.holder.run, 'far')
  assert.match(said.join(), /it gave no sign of life for longer than its lease lasts, which is being made sure of/)
})

test('X14 a process that is stopped past its lease and goes on later changes nothing more', async t => {
  const root = temporaryFolder(t)
  const first = await holdingProcess(t, root, 'first')
  assert.equal(await first.tell('change'), 'done')
  await assert.rejects(() => acquire(root, 'second', {waitMs: 2500}), /run first holds the lock/, 'it renews')
  process.kill(first.child.pid ?? 0, 'SIGSTOP')
  const {takenOver, holder} = await acquire(root, 'second', {waitMs: 20_000})
  assert.equal(takenOver?.holder.run, 'first')
  process.kill(first.child.pid ?? 0, 'SIGCONT')
  assert.match(
    await first.tell('change'),
    /^LeaseLost: run first lost the lock .*\(token 1\).*run second holds the lock of this environment/,
  )
  assert.equal(readFileSync(join(root, 'changes'), 'utf8'), 'first\n')
  assert.equal(await first.tell('release'), 'done')
  assert.deepEqual(readLock(root), holder, 'what another run holds is not given back')
  await pause(150)
  assert.equal(existsSync(join(root, 'lock.beat-1')), false, 'and not kept alive')
})

test('a process that was stopped past its lease goes on when nobody took it over', async t => {
  const root = temporaryFolder(t)
  const first = await holdingProcess(t, root, 'first')
  process.kill(first.child.pid ?? 0, 'SIGSTOP')
  await pause(1300)
  process.kill(first.child.pid ?? 0, 'SIGCONT')
  assert.equal(await first.tell('change'), 'done')
})

test('X14 who is late, and sees that another is just taking over, changes nothing', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one')
  const lease = keepLease(root, {...holder, leaseSeconds: 0.05}, 60_000)
  t.after(lease.rest)
  const claim = claimPath(root, holder)
  writeFileSync(claim, '{}')
  assert.doesNotThrow(lease.assert, 'within its lease it is not asked')
  await pause(60)
  assert.throws(lease.assert, (error: unknown) => error instanceof LeaseLost && /is taking it over/.test(error.message))
  rmSync(claim)
  assert.doesNotThrow(lease.assert)
})

test('a heartbeat that came after the last look keeps the lease', async t => {
  const root = temporaryFolder(t)
  const far = writeLock(root, {run: 'far', host: 'elsewhere', leaseSeconds: 0.4})
  writeBeat(root, 4, 1)
  // Each time somebody is about to replace it, its holder gives a sign of life.
  const alive = setInterval(() => existsSync(claimPath(root, far)) && writeBeat(root, 4, Math.random()), 1)
  t.after(() => clearInterval(alive))
  const {syncBuiltinESMExports} = await import('node:module')
  const fs = (await import('node:fs')).default
  const link = fs.linkSync
  fs.linkSync = (from, to) => {
    link(from, to)
    if (String(to).includes('.after-')) writeBeat(root, 4, Math.random())
  }
  syncBuiltinESMExports()
  t.after(() => {
    fs.linkSync = link
    syncBuiltinESMExports()
  })
  await assert.rejects(() => acquire(root, 'two', {waitMs: 1500}), /run far holds the lock/)
})

test('a lock that was removed by hand is lost', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one')
  const lease = keepLease(root, holder)
  rmSync(join(root, 'lock.json'))
  assert.throws(lease.assert, /run one lost the lock .*: the lock was given back or removed/)
  lease.release()
})

test('a runner that is gone: its step still works, so the next run waits for its end, and not for the lease', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one', {pid: await endedPid()})
  const step = await holdingProcess(t, temporaryFolder(t), 'step')
  const pid = step.child.pid ?? 0
  const beat = {beat: 1, at: 'now', pid, pidStart: processStart(pid)}
  writeFileSync(join(root, `lock.beat-${holder.token}`), JSON.stringify(beat))
  assert.equal(stateOf(root, holder, new Date()).state, 'ending')
  const said: string[] = []
  const next = acquire(root, 'two', {say: line => said.push(line)})
  await pause(300)
  assert.match(said.join(), /its runner is gone and its last step ends/)
  step.child.kill('SIGKILL')
  assert.equal((await next).takenOver?.holder.run, 'one')
})

test('--wait gets the lock as soon as it is given back, and Ctrl-C ends the waiting at once', async t => {
  const root = temporaryFolder(t)
  const first = await holdingProcess(t, root, 'first')
  const waiting = acquire(root, 'second', {waitMs: 60_000})
  const cancelled = new AbortController()
  const given = acquire(root, 'third', {waitMs: 60_000, signal: cancelled.signal})
  cancelled.abort(new Error('cancelled by SIGINT'))
  await assert.rejects(given, /abort|cancelled by SIGINT/i)
  assert.equal(await first.tell('release'), 'done')
  const {holder, takenOver} = await waiting
  assert.deepEqual([holder.run, takenOver, readLock(root)?.token], ['second', undefined, 2])
})

test('a heartbeat says who works, and is replaced in one move', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one')
  const lease = keepLease(root, holder, 20)
  const first = readHeartbeat(root, holder.token)
  assert.deepEqual([first?.heartbeat?.pid, first?.heartbeat?.pidStart], [process.pid, processStart(process.pid)])
  await pause(200)
  assert.ok((readHeartbeat(root, holder.token)?.heartbeat?.beat ?? 0) > 1)
  lease.rest()
  const last = readHeartbeat(root, holder.token)?.text
  await pause(100)
  assert.equal(readHeartbeat(root, holder.token)?.text, last)
  assert.deepEqual(readdirSync(root).sort(), ['lock.beat-1', 'lock.json', 'lock.token', 'lock.writes-1'])
})

test('X14 whatever fails after the lease was lost is reported as that, with the fault as its cause; else the fault stays', () => {
  const fault = new Error('the ingress did not apply routes 7')
  const lost = new LeaseLost('run a lost the lock of this environment')
  const losing = (error: Error) => ({
    assert: () => {
      throw error
    },
  })
  assert.throws(() => assertHeld(losing(lost), fault), {name: 'LeaseLost', cause: fault})
  assertHeld({assert: () => undefined}, fault)
  assertHeld(undefined, fault)
  assertHeld(losing(new Error('the disk is full')), fault)
  assertHeld(losing(new LeaseLost('again')), lost)
})
