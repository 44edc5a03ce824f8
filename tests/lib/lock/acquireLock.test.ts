// One run at a time: of several that try, exactly one gets the lock; a holder that is gone is replaced, by one only.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {type Holder, readLock, releaseLock, takeLock} from '../../scripts/lib/lock.ts'
import {processStart} from '../../scripts/lib/processIdentity.ts'
import {UserError} from '../../scripts/lib/userError.ts'
import {runAll} from './runAll.ts'
import {temporaryFolder} from './temporaryFolder.ts'

const now = new Date('2026-11-20T10:00:00Z')
const take = (root: string, run: string, pid = process.pid) => takeLock(root, run, 'rehearse', pid, now)
const module = new URL('../../scripts/lib/lock.ts', import.meta.url).href

async function endedPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid ?? 0
}

function writeLock(root: string, holder: Partial<Holder>): void {
  const whole = {
    run: 'old',
    purpose: 'rehearse',
    user: 'u',
    host: hostname(),
    pid: 1,
    pidStart: '1',
    since: 's',
    ...holder,
  }
  writeFileSync(join(root, 'lock.json'), JSON.stringify(whole))
}

test('a run takes the lock once and for all its steps, and gives back only its own', t => {
  const root = join(temporaryFolder(t), 'deep', 'root')
  assert.deepEqual(take(root, 'one'), {})
  assert.deepEqual(take(root, 'one'), {})
  assert.equal(readLock(root)?.since, '2026-11-20T10:00:00.000Z')
  releaseLock(root, 'two')
  assert.equal(readLock(root)?.run, 'one')
  releaseLock(root, 'one')
  assert.equal(readLock(root), undefined)
  assert.deepEqual(readdirSync(root), [])
})

test('another run is told who holds it, for what and since when', t => {
  const root = temporaryFolder(t)
  take(root, 'one')
  assert.throws(
    () => take(root, 'two'),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.startsWith(`${root}: run one holds the lock of this environment to rehearse (`) &&
      error.message.endsWith(`@${hostname()}, process ${process.pid}, since 2026-11-20T10:00:00.000Z)`) &&
      error.remedy === 'wait for it to end, or end that process; a lock whose process is gone is taken over by itself',
  )
  assert.equal(readLock(root)?.run, 'one')
})

test('a holder that is gone is replaced and named', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'dead', pid: await endedPid()})
  assert.equal(take(root, 'two').takenOver?.run, 'dead')
  assert.equal(readLock(root)?.run, 'two')
  assert.deepEqual(readdirSync(root), ['lock.json'])
})

test('a process that has the pid of a holder which is gone does not keep its lock', t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'dead', pid: process.pid, pidStart: 'another time'})
  assert.equal(take(root, 'two').takenOver?.run, 'dead')
})

test('a run that goes on after its first process is gone holds the lock itself', async t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'one', pid: await endedPid()})
  assert.deepEqual(take(root, 'one'), {})
  assert.deepEqual([readLock(root)?.pid, readLock(root)?.pidStart], [process.pid, processStart(process.pid)])
})

test('a holder on another host is believed', t => {
  const root = temporaryFolder(t)
  writeLock(root, {run: 'far', host: 'elsewhere', pid: 1})
  assert.throws(() => take(root, 'two'), /run far holds the lock/)
})

test('a lock that cannot be understood is not taken for none', t => {
  const root = temporaryFolder(t, {'lock.json': '{"run":'})
  assert.throws(
    () => take(root, 'two'),
    (error: unknown) =>
      error instanceof UserError &&
      /lock\.json: should say who holds the lock of this environment, cannot be read: /.test(error.message) &&
      error.remedy === 'if no run is going on, remove it',
  )
})

// Every process waits for the same moment and holds on until all have tried.
const contender = `import {takeLock} from ${JSON.stringify(module)}
  const [root, run, at] = process.argv.slice(1)
  while (Date.now() < Number(at));
  try { takeLock(root, run, 'rehearse', process.pid, new Date()); console.log('won') }
  catch (error) { console.log(error.name + ': ' + error.message) }
  while (Date.now() < Number(at) + 1500);`

for (const before of ['free', 'held by a process that is gone']) {
  test(`of six processes at the same moment exactly one gets a lock that is ${before}`, {timeout: 60_000}, async t => {
    const root = temporaryFolder(t)
    if (before !== 'free') writeLock(root, {run: 'dead', pid: await endedPid()})
    const at = Date.now() + 1500
    const ended = await runAll(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(run => ['--input-type=module', '-e', contender, root, run, String(at)]),
    )
    const won = ended.filter(({output}) => output.trim() === 'won')
    assert.equal(won.length, 1, ended.map(({output}) => output).join(''))
    for (const {output} of ended.filter(one => !won.includes(one)))
      assert.match(output, /^UserError: .*(holds the lock|took the lock)/)
    assert.deepEqual(readdirSync(root), ['lock.json'])
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
    const {takeLock} = await import(${JSON.stringify(module)})
    try { takeLock(process.argv[1], 'late', 'rehearse', process.pid, new Date()); console.log('won') }
    catch (error) { console.log(error.message) }`
  const successor = JSON.stringify({
    run: 'quick',
    purpose: 'p',
    user: 'u',
    host: hostname(),
    pid: process.pid,
    pidStart: processStart(process.pid),
    since: 's',
  })
  const [ended] = await runAll([['--input-type=module', '-e', slow, root, successor]])
  assert.match(ended?.output ?? '', /another run took the lock of this environment at the same moment/)
  assert.equal(readLock(root)?.run, 'quick')
})

test('who died while taking over is replaced too', async t => {
  const root = temporaryFolder(t)
  const pid = await endedPid()
  writeLock(root, {run: 'dead', pid})
  const dying = `import fs from 'node:fs'
    import {syncBuiltinESMExports} from 'node:module'
    fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
    syncBuiltinESMExports()
    const {takeLock} = await import(${JSON.stringify(module)})
    takeLock(process.argv[1], 'dying', 'rehearse', process.pid, new Date())`
  await runAll([['--input-type=module', '-e', dying, root]])
  assert.equal(readdirSync(root).filter(name => name.includes('.after-')).length, 1, 'its claim is left')
  assert.equal(take(root, 'two').takenOver?.run, 'dead')
  assert.equal(readLock(root)?.run, 'two')
  assert.equal(readFileSync(join(root, 'lock.json'), 'utf8').includes('"two"'), true)
  assert.deepEqual(
    readdirSync(root).filter(name => name.includes('.after-')),
    [],
  )
})
