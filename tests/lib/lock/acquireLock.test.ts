// One run at a time: of several that try, exactly one gets the lock; a holder that is gone is replaced, by one only.
import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {readLock} from '../../../scripts/lib/lock/holder.ts'
import {keepLease} from '../../../scripts/lib/lock/lease.ts'
import {lastToken} from '../../../scripts/lib/lock/token.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {runAll} from '../runAll.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {acquire, endedPid, writeLock} from './holding.ts'

const module = new URL('../../../scripts/lib/lock/acquireLock.ts', import.meta.url).href

test('a run takes the lock once and for all its steps, and what is given back leaves nothing but the token', async t => {
  const root = join(temporaryFolder(t), 'deep', 'root')
  const first = await acquire(root, 'one')
  assert.deepEqual([first.took, first.holder.token], [true, 1])
  const second = await acquire(root, 'one')
  assert.deepEqual([second.took, second.holder], [false, first.holder])
  keepLease(root, first.holder).release()
  assert.equal(readLock(root), undefined)
  assert.deepEqual(readdirSync(root), ['lock.token'])
})

test('the token grows with every taking, whoever takes it, and survives the giving back', async t => {
  const root = temporaryFolder(t)
  for (const token of [1, 2, 3]) {
    const {holder} = await acquire(root, `run-${token}`)
    assert.equal(holder.token, token)
    keepLease(root, holder).release()
  }
  writeLock(root, {run: 'dead', pid: await endedPid(), token: 9})
  assert.equal((await acquire(root, 'two')).holder.token, 10)
  assert.equal(lastToken(root), 10)
})

test('a damaged token file is read as none, and a lock that is left still tells', async t => {
  const root = temporaryFolder(t, {'lock.token': '\0\0'})
  writeLock(root, {pid: await endedPid(), token: 9})
  assert.equal((await acquire(root, 'two')).holder.token, 10)
})

test('X14 without a lock that tells, a damaged token file is an error and not a count from the beginning', async t => {
  for (const text of ['', '\0\0', '9007199254740992\n', '1e3', '-1', '0x10', '5\n6', '12345678901234567890']) {
    const root = temporaryFolder(t, {'lock.token': text})
    await assert.rejects(
      () => acquire(root, 'two'),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.startsWith(`${root}/lock.token: should be the number of the newest lock, got `) &&
        error.remedy?.includes(`rm ${root}/lock.token`) === true,
      text,
    )
    assert.deepEqual(readdirSync(root), ['lock.token'])
  }
})

test('what a lock says is harmless to show', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'r\u001b[2J', purpose: 'a\nb\u202e', host: 'elsewhere\u0007', user: 'u'.repeat(4000)})
  await assert.rejects(
    () => acquire(root, 'two'),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.includes('run r⟨U+001B⟩[2J holds the lock of this environment to a b⟨U+202E⟩ (uuu') &&
      error.message.length < 800,
  )
})

test('another run is told at once who holds it, for what and since when', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one')
  await assert.rejects(
    () => acquire(root, 'two'),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.startsWith(`${root}: run one holds the lock of this environment to deploy (`) &&
      error.message.endsWith(`@${hostname()}, process ${process.pid}, since ${holder.since})`) &&
      error.remedy?.startsWith(
        'wait for it to end, as with --wait 120, or end that process and free the lock: pnpm unlock; ',
      ) === true,
  )
  assert.equal(readLock(root)?.run, 'one')
})

test('a holder on this host that is gone is replaced at once and named', async t => {
  const root = temporaryFolder(t)
  const pid = await endedPid()
  writeLock(root, {run: 'dead', pid})
  const {takenOver} = await acquire(root, 'two')
  assert.deepEqual([takenOver?.holder.run, takenOver?.because], ['dead', `process ${pid} is gone from this host`])
  assert.equal(readLock(root)?.run, 'two')
  assert.deepEqual(readdirSync(root).sort(), ['lock.json', 'lock.token', 'lock.writes-5'])
})

test('a process that has the pid of a holder which is gone does not keep its lock', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'dead', pid: process.pid, pidStart: 'another time'})
  assert.equal((await acquire(root, 'two')).takenOver?.holder.run, 'dead')
})

test('a run that goes on after its first process is gone holds the lock itself', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'one', pid: await endedPid()})
  const {took, takenOver, holder} = await acquire(root, 'one')
  assert.deepEqual([took, takenOver, holder.token], [true, undefined, 5])
  assert.deepEqual([readLock(root)?.pid, readLock(root)?.pidStart], [process.pid, processStart(process.pid)])
})

test('a second step of the same run, by another process, waits like any other', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'one', pid: process.ppid, pidStart: processStart(process.ppid)})
  await assert.rejects(() => acquire(root, 'one'), /run one holds the lock/)
})

test('a run that was held by a runner all the time, and finds that another had it since, is refused', async t => {
  const root = temporaryFolder(t)
  const {holder} = await acquire(root, 'one')
  keepLease(root, holder).release()
  keepLease(root, (await acquire(root, 'two')).holder).release()
  await assert.rejects(
    () => acquire(root, 'one', {known: holder.token}),
    /run one lost the lock of this environment \(token 1\): another run took it since \(token 2\)/,
  )
  assert.equal((await acquire(root, 'one', {known: 2})).holder.token, 3)
})

const badNumbers = [
  {token: '../../x'},
  {token: 2 ** 53},
  {token: 1e308},
  {token: -1},
  {token: 1.5},
  {pid: 1e300},
  {pid: 0},
  {leaseSeconds: 1e300},
  {leaseSeconds: 'x'},
].map(change => JSON.stringify({run: 'x', host: hostname(), pid: 1, token: 1, leaseSeconds: 60, ...change}))

test('a lock that cannot be understood is not taken for none', async t => {
  for (const text of ['{"run":', '', '[]', 'null', '{"run":"x"}', '{"run":"x","host":"h","pid":"7"}', ...badNumbers]) {
    const root = temporaryFolder(t, {'lock.json': text})
    await assert.rejects(
      () => acquire(root, 'two'),
      (error: unknown) =>
        error instanceof UserError &&
        /lock\.json: should be who holds the lock of this environment, (is|but) /.test(error.message) &&
        error.remedy === `if no run is going on: rm -r ${join(root, 'lock.json')}`,
      text,
    )
    assert.equal(readFileSync(join(root, 'lock.json'), 'utf8'), text)
  }
})

test('a lock of an earlier version: believed while its process may live, whatever the clock says', async t => {
  const root = temporaryFolder(t)
  const old = {token: undefined, leaseSeconds: undefined}
  writeLock(root, {run: 'far', host: 'elsewhere', ...old})
  await assert.rejects(
    () => acquire(root, 'two', {waitMs: 300}),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.startsWith('the deadline of 0.3 s passed: ') &&
      /an earlier version wrote this lock.*if no run is going on at elsewhere, remove/.test(error.remedy ?? ''),
  )
  writeLock(root, {run: 'dead', pid: await endedPid(), ...old})
  assert.equal((await acquire(root, 'two')).takenOver?.holder.run, 'dead')
})

// Every process waits for the same moment and holds on until all have tried.
const contender = `import {appendFileSync, readFileSync} from 'node:fs'
  import {acquireLock} from ${JSON.stringify(module)}
  const [root, run, at, tried] = process.argv.slice(1)
  const signal = new AbortController().signal
  while (Date.now() < Number(at));
  try {
    await acquireLock({root, run, purpose: 'deploy', pid: process.pid, waitMs: 0, signal, say: () => {}})
    console.log('won')
  } catch (error) { console.log(error.name + ': ' + error.message) }
  appendFileSync(tried, '.')
  while (readFileSync(tried, 'utf8').length < 6) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)`

for (const before of ['free', 'held by a process that is gone']) {
  test(`X14 of six processes at the same moment exactly one gets a lock that is ${before}`, {
    timeout: 60_000,
  }, async t => {
    const root = temporaryFolder(t)
    if (before !== 'free') writeLock(root, {run: 'dead', pid: await endedPid()})
    const at = Date.now() + 1500
    const tried = join(temporaryFolder(t), 'tried')
    const ended = await runAll(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(run => ['--input-type=module', '-e', contender, root, run, String(at), tried]),
    )
    const won = ended.filter(({output}) => output.trim() === 'won')
    assert.equal(won.length, 1, ended.map(({output}) => output).join(''))
    for (const {output} of ended.filter(one => !won.includes(one))) assert.match(output, /^UserError: .*holds the lock/)
    const token = before === 'free' ? 1 : 5
    assert.deepEqual(readdirSync(root).sort(), ['lock.json', 'lock.token', `lock.writes-${token}`])
  })
}

test('who saw a dead holder too late, does not replace its successor', async t => {
  const root = temporaryFolder(t)
  const pid = await endedPid()
  writeLock(root, {run: 'dead', pid})
  // As if a process had stopped between looking and taking, while another took the lock over.
  const slow = `import fs from 'node:fs'
    import {syncBuiltinESMExports} from 'node:module'
    const link = fs.linkSync
    fs.linkSync = (...words) => { fs.writeFileSync(process.argv[1] + '/lock.json', process.argv[2]); link(...words) }
    syncBuiltinESMExports()
    const {acquireLock} = await import(${JSON.stringify(module)})
    const signal = new AbortController().signal
    const rest = {purpose: 'deploy', pid: process.pid, waitMs: 0, signal, say: () => {}}
    try { await acquireLock({root: process.argv[1], run: 'late', ...rest}); console.log('won') }
    catch (error) { console.log(error.message) }`
  const successor = JSON.stringify(writeLock(temporaryFolder(t), {...own(), run: 'quick', token: 5}))
  const [ended] = await runAll([['--input-type=module', '-e', slow, root, successor]])
  assert.match(ended?.output ?? '', /run quick holds the lock/)
  assert.equal(readLock(root)?.run, 'quick')
})

test('X14 who died while taking over is replaced too, also after several of the same run did so', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'dead', pid: await endedPid()})
  const dying = `import fs from 'node:fs'
    import {syncBuiltinESMExports} from 'node:module'
    fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
    syncBuiltinESMExports()
    const {acquireLock} = await import(${JSON.stringify(module)})
    const signal = new AbortController().signal
    const rest = {purpose: 'deploy', pid: process.pid, waitMs: 0, signal, say: () => {}}
    await acquireLock({root: process.argv[1], run: 'dying', ...rest})`
  for (const killed of [1, 2, 3]) {
    await runAll([['--input-type=module', '-e', dying, root]])
    assert.equal(readdirSync(root).filter(name => name.includes('.after-')).length, killed, 'their claims are left')
  }
  assert.equal((await acquire(root, 'two')).takenOver?.holder.run, 'dead')
  assert.equal(readLock(root)?.run, 'two')
  assert.deepEqual(
    readdirSync(root).filter(name => name.includes('.after-')),
    [],
  )
})

test('a claim of a process that is gone elsewhere ends with the lease that it was for', async t => {
  const root = temporaryFolder(t)
  const dead = writeLock(root, {run: 'far', host: 'elsewhere', leaseSeconds: 0.4})
  const claim = join(root, `lock.json.after-far-${dead.token}-${dead.pid}`)
  writeFileSync(claim, JSON.stringify({...dead, run: 'farther'}))
  assert.equal((await acquire(root, 'two', {waitMs: 5000})).takenOver?.holder.run, 'far')
  assert.deepEqual(readdirSync(root).sort(), ['lock.json', 'lock.token', 'lock.writes-5'])
})

function own() {
  return {pid: process.pid, pidStart: processStart(process.pid)}
}
