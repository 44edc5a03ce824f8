// Copies on standby for real: they go on without anybody, end by themselves, are taken back as they are, or ended before.
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {local} from '../../scripts/targets/local.ts'
import {processesWith} from '../rigProcesses.ts'
import {innocentProcess} from './innocent.ts'
import {eventually, isRunning, prepared, type Running} from './localInstance.ts'

const options = {timeout: 40_000}
const lasting = ['sh', '-c', 'echo up; exec sleep 60']
// Takes a moment to end, so that there is time for something to happen meanwhile.
const slow = ['sh', '-c', "trap 'sleep 0.7; exit 0' TERM; echo up; while :; do sleep 0.05; done"]
const pidIn = (path: string) => Number(readFileSync(path, 'utf8').split(' ')[0])

/** Leaves the copy on standby; gives what waits. */
async function standBy({shell, instance, folder}: Running, seconds: number): Promise<number> {
  const command = local.standBy?.(instance, 'one', seconds)
  assert.ok(command !== undefined)
  assert.match(await shell.run(command), /^pid \d+ started$/)
  return pidIn(join(folder, 'standby'))
}

const childOf = ({folder}: Running) =>
  eventually(
    () => (existsSync(join(folder, 'child')) ? pidIn(join(folder, 'child')) || undefined : undefined),
    'the program',
  )
const supervisorOf = ({folder}: Running) => pidIn(join(folder, 'supervisor'))
/** Whatever of the copy waits: its sleeper, and what that started. The supervisor's watch sleeps, too, and is not meant. */
const waiting = ({folder}: Running) => {
  const processes = processesWith(folder)
  const sleepers = processes.filter(({argv}) => argv.includes('standby.sh'))
  const below = processes.filter(({pid}) => sleepers.some(sleeper => sleeper.pid === parentOf(pid)))
  return [...sleepers, ...below]
}
// It stands behind the name, which is in brackets and may hold anything (proc_pid_stat(5)). 0 for one that has ended.
const parentOf = (pid: number) => {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}
const files = ({folder}: Running) => readdirSync(folder).filter(name => /^standby|\.new$/.test(name))
const noneWaits = (copy: Running) =>
  eventually(() => waiting(copy).length === 0 || undefined, 'nothing to wait any more')
const over = ({folder}: Running) =>
  eventually(() => existsSync(join(folder, 'standby.over')) || undefined, 'the time on standby to be over')

describe('a copy on standby', {concurrency: 2}, () => {
  test('goes on, and ends by itself when its time is over', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    const [supervisor, beganAt] = [supervisorOf(copy), performance.now()]
    const sleeper = await standBy(copy, 1)
    assert.deepEqual([isRunning(child), isRunning(sleeper), waiting(copy).length], [true, true, 2])
    await pause(600)
    assert.equal(isRunning(child), true)
    await eventually(() => !isRunning(child) || undefined, 'the program to end')
    assert.ok(performance.now() - beganAt >= 950, 'it ended before its time')
    await eventually(() => !isRunning(sleeper) || undefined, 'what ended it to end')
    assert.deepEqual(
      [isRunning(supervisor), files(copy), existsSync(join(copy.folder, 'supervisor'))],
      [false, [], false],
    )
  })

  test('ends when its time is over, though who left it so was killed before hearing of it', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    const standby = local.standBy?.(copy.instance, 'one', 1)
    assert.ok(standby !== undefined)
    const words = standby.argv.map(word => `'${word}'`).join(' ')
    await copy.shell.run({...standby, argv: ['sh', '-c', `{ sleep 0.1; exec ${words}; } | : & echo started`]})
    await eventually(() => waiting(copy).length === 2 || undefined, 'it to wait')
    assert.equal(isRunning(child), true)
    await eventually(() => !isRunning(child) || undefined, 'the program to end')
    await eventually(() => files(copy).length === 0 || undefined, 'what ended it to end')
  })

  test('is taken back as it is, and nobody waits for its end any more', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    const supervisor = supervisorOf(copy)
    const sleeper = await standBy(copy, 1)
    await copy.start()
    assert.deepEqual([await childOf(copy), supervisorOf(copy), files(copy)], [child, supervisor, []])
    await noneWaits(copy)
    assert.equal(isRunning(sleeper), false)
    await pause(1300)
    assert.deepEqual([isRunning(child), copy.log()], [true, 'up\n'])
  })

  test(
    'starts over when it was about to end already, and what ended it takes nothing of that away',
    options,
    async t => {
      const copy = prepared(t, slow, {limits: {stopSeconds: 5}})
      await copy.start()
      const child = await childOf(copy)
      const sleeper = await standBy(copy, 1)
      await over(copy)
      await copy.start()
      const next = await childOf(copy)
      assert.notEqual(next, child)
      assert.deepEqual([isRunning(child), isRunning(sleeper), isRunning(next), files(copy)], [false, false, true, []])
      await pause(300)
      assert.deepEqual([isRunning(next), isRunning(supervisorOf(copy))], [true, true])
      assert.equal(copy.log(), 'up\nup\n')
    },
  )

  test('starts over also when what ended it was killed on the way', options, async t => {
    const copy = prepared(t, slow, {limits: {stopSeconds: 5}})
    await copy.start()
    const child = await childOf(copy)
    const sleeper = await standBy(copy, 1)
    await over(copy)
    process.kill(sleeper, 'SIGKILL')
    await copy.start()
    assert.notEqual(await childOf(copy), child)
    assert.deepEqual([isRunning(child), files(copy)], [false, []])
  })

  test('is stopped like any other, and nobody waits for its end any more', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    await standBy(copy, 30)
    await copy.stop()
    await noneWaits(copy)
    assert.deepEqual([isRunning(child), files(copy)], [false, []])
  })

  test('is ended by one at a time: a stop waits for what is at it', options, async t => {
    const copy = prepared(t, slow, {limits: {stopSeconds: 5}})
    await copy.start()
    const child = await childOf(copy)
    const sleeper = await standBy(copy, 1)
    await over(copy)
    await copy.stop()
    assert.deepEqual([isRunning(child), isRunning(sleeper), files(copy)], [false, false, []])
  })

  test('left so twice, its time starts over, and one waits', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    const first = await standBy(copy, 40)
    const second = await standBy(copy, 30)
    await eventually(() => !isRunning(first) || undefined, 'the first to end')
    assert.deepEqual([isRunning(child), isRunning(second), waiting(copy).length], [true, true, 2])
  })

  test('goes on when the one that waits is not the one on record', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    const child = await childOf(copy)
    const sleeper = await standBy(copy, 1)
    writeFileSync(join(copy.folder, 'standby'), '1 12345\n')
    await eventually(() => !isRunning(sleeper) || undefined, 'its time to be over')
    assert.equal(isRunning(child), true)
  })

  test('that has ended already needs nobody to end it', options, async t => {
    const copy = prepared(t, lasting)
    await copy.start()
    await childOf(copy)
    await copy.stop()
    const command = local.standBy?.(copy.instance, 'one', 30)
    assert.ok(command !== undefined)
    await copy.shell.run(command)
    assert.deepEqual([waiting(copy), files(copy)], [[], []])
  })

  test('whose sleeper is gone with a reboot: who has its number by now is not asked to end', options, async t => {
    const copy = prepared(t, lasting)
    const innocent = await innocentProcess(t)
    for (const name of ['standby', 'standby.over']) {
      writeFileSync(join(copy.folder, name), `${innocent.pid} 12345\n`)
      await copy.start()
      assert.equal(isRunning(await childOf(copy)), true)
      assert.deepEqual(files(copy), [])
      writeFileSync(join(copy.folder, name), `${innocent.pid} 12345\n`)
      await copy.stop()
      assert.deepEqual(files(copy), [])
    }
    await innocent.assertLeftAlone()
  })
})
