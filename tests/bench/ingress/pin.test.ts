// Proves that the measured server gets a core of its own and everything else the rest, and that each gets its cores back.
import assert from 'node:assert/strict'
import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {type TestContext, test} from 'node:test'
import {hasTaskset, pin, splitCores} from '../../../bench/ingress/pin.ts'

test('C13 the first core is for the server and the rest for the others', () => {
  assert.deepEqual(splitCores('0-1'), {server: '0', others: '1'})
  assert.deepEqual(splitCores('2-4,7'), {server: '2', others: '3,4,7'})
  assert.equal(splitCores('3'), undefined)
})

const missing = !hasTaskset() ? 'there is no taskset here' : availableParallelism() < 2 && 'there is one core only'

test('C13 a server and what it started are apart from this process and its other children, until the end', {
  skip: missing,
}, async t => {
  const server = await startParent(t)
  const other = await startParent(t)
  const all = [server.pid, server.child, other.pid, other.child, process.pid]
  const before = allowed(process.pid)
  const cores = splitCores(before)
  {
    using pinned = pin({servers: [server.pid], others: [process.pid]})
    assert.equal(pinned.absent, undefined)
    for (const pid of all) {
      const expected = pid === server.pid || pid === server.child ? cores?.server : allowedForm(cores?.others)
      assert.deepEqual(allowedOfThreads(pid), [expected])
    }
  }
  for (const pid of all) assert.deepEqual(allowedOfThreads(pid), [before])
})

test('C13 what was pinned gets its cores back when another process cannot be', {skip: missing}, async t => {
  const {pid} = await startParent(t)
  const before = allowed(pid)
  const ended = spawn(process.execPath, ['-e', ''])
  await once(ended, 'exit')
  assert.throws(() => pin({servers: [pid], others: [ended.pid ?? 0]}), /should be kept on core .+, but it has ended/)
  assert.deepEqual(allowedOfThreads(pid), [before])
})

test('C13 a process that ended meanwhile does not keep the others from getting theirs back', {
  skip: missing,
}, async t => {
  const first = await startParent(t)
  const last = await startParent(t)
  const before = allowed(first.pid)
  {
    using _pinned = pin({servers: [first.pid], others: [last.pid]})
    await last.end()
  }
  assert.deepEqual(allowedOfThreads(first.pid), [before])
})

test('C13 without taskset nothing is pinned, and the reason is told', async t => {
  const {pid} = await startParent(t)
  const before = allowed(pid)
  const path = process.env.PATH
  t.after(() => {
    process.env.PATH = path
  })
  process.env.PATH = '/nonexistent'
  using pinned = pin({servers: [pid], others: []})
  assert.match(pinned.absent ?? '', /^server on a core of its own: /)
  assert.deepEqual(allowedOfThreads(pid), [before])
})

/** A process with a child and, as every Node, with threads. */
async function startParent(t: TestContext) {
  const program = `const {spawn} = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'ignore'})
    child.on('spawn', () => console.log(child.pid))
    process.on('SIGTERM', () => child.kill('SIGKILL'))
    child.on('exit', () => process.exit())`
  const parent = spawn(process.execPath, ['-e', program], {stdio: ['ignore', 'pipe', 'inherit']})
  const exited = once(parent, 'exit')
  const end = async () => {
    parent.kill('SIGTERM')
    await exited
  }
  t.after(end)
  const [said] = await once(parent.stdout, 'data')
  return {pid: parent.pid ?? 0, child: Number(said), end}
}

function allowed(pid: number | string): string {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
}

/** The different ones among all threads. */
function allowedOfThreads(pid: number): string[] {
  return [...new Set(readdirSync(`/proc/${pid}/task`).map(thread => allowed(`${pid}/task/${thread}`)))]
}

/** The kernel writes `1,2,3` as `1-3`. */
function allowedForm(list = ''): string {
  return execFileSync('taskset', ['-c', list, 'grep', 'Cpus_allowed_list', '/proc/self/status'], {encoding: 'utf8'})
    .replace(/^\S+\s+/, '')
    .trim()
}
