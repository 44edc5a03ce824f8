// What a program started ends with it, wherever it went; and nothing else does.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {stopInstance} from '../../scripts/lib/instance/endInstance.ts'
import {local} from '../../scripts/targets/local.ts'
import {eventually, isRunning, prepared, type Running} from './localInstance.ts'

const options = {timeout: 40_000}
// In a session of its own, as helpers that daemonise are; this one ignores SIGTERM as well.
const deaf = `process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]`
const helpers = {
  'with all of the environment': `spawn(${deaf}, {detached: true, stdio: 'ignore'})`,
  'with nothing but the home of its parent': `spawn(${deaf}, {detached: true, stdio: 'ignore', env: {HOME: process.env.HOME}})`,
  'with no variable, from a program of the release': `spawn(process.argv[1], ['60'], {detached: true, stdio: 'ignore', env: {}})`,
}

interface WithHelper extends Running {
  helper: number
  /** A program below the releases of the environment. */
  released: string
}

async function withHelper(test: TestContext, start: string): Promise<WithHelper> {
  const program = `const helper = require('node:child_process').${start}
    helper.unref()
    require('node:fs').writeFileSync('helper', String(helper.pid))
    setInterval(() => {}, 1000)`
  const place = '{state}/../../../../releases/one/sleep'
  const running = prepared(test, [process.execPath, '-e', program, place], {limits: {stopSeconds: 1}})
  const released = join(running.instance.releaseFolder, '../releases/one/sleep')
  mkdirSync(join(released, '..'), {recursive: true})
  copyFileSync('/bin/sleep', released)
  await running.start()
  const path = join(running.folder, 'home/helper')
  const helper = await eventually(
    () => (existsSync(path) ? Number(readFileSync(path, 'utf8')) || undefined : undefined),
    'the helper to be started',
  )
  test.after(() => {
    if (isRunning(helper)) process.kill(helper, 'SIGKILL')
  })
  return {...running, helper, released}
}

for (const [name, start] of Object.entries(helpers))
  test(`X14 a helper in a session of its own, ${name}, ends with its server`, options, async t => {
    const {stop, helper} = await withHelper(t, start)
    assert.equal(isRunning(helper), true)
    await stop()
    assert.equal(isRunning(helper), false)
  })

const [first = ''] = Object.values(helpers)

test('X14 a helper whose server and supervisor are gone ends with the instance', options, async t => {
  const {instance, shell, helper, folder} = await withHelper(t, first)
  // As after a change that replaced the server: no folder of the instance as it is described names the helper.
  const pids = ['supervisor', 'child'].map(name => Number(readFileSync(join(folder, name), 'utf8').split(' ')[0]))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await stopInstance({...instance, servers: []}, local, shell)
  assert.deepEqual([...pids, helper].filter(isRunning), [])
})

test('X14 a process that is not of the instance is left alone, whatever its folder and program', options, async t => {
  const {stop, folder, released} = await withHelper(t, first)
  const home = join(folder, 'home')
  const others = [
    // A person who looks around, a program of the release that was started by hand, and the copy `one.ab` beside `one.a`.
    spawn('sleep', ['60'], {cwd: home, stdio: 'ignore', detached: true}),
    spawn(released, ['60'], {cwd: '/', stdio: 'ignore', detached: true}),
    spawn('sleep', ['60'], {env: {SEAWORTHY_INSTANCE: `${folder}b/`, HOME: `${folder}b/home`}, stdio: 'ignore'}),
  ]
  t.after(() => {
    for (const other of others) other.kill('SIGKILL')
  })
  await stop()
  assert.deepEqual(
    others.map(({exitCode, signalCode}) => exitCode ?? signalCode),
    [null, null, null],
  )
  assert.equal(others.map(({pid = 0}) => pid).every(isRunning), true)
})
