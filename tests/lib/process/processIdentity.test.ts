// A process is told from any other by its start time.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {isFree, slowToDie} from '../../targets/slowToDie.ts'

test('a process has the same start as long as it lives, and none afterwards', async t => {
  const child = spawn('sleep', ['30'])
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  const start = processStart(child.pid ?? 0)
  assert.ok(start)
  await pause(50)
  assert.equal(processStart(child.pid ?? 0), start)
  assert.notEqual(start, processStart(process.pid))
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  assert.equal(processStart(child.pid ?? 0), undefined)
})

test('one whose main thread ended lives as long as other threads hold its port', {
  skip: process.platform !== 'linux',
}, async t => {
  for (let round = 0; round < 4; round += 1) {
    const {port, argv, environment, listens} = await slowToDie()
    const [file, ...words] = argv
    const child = spawn(file, words, {env: environment, stdio: 'ignore'})
    t.after(() => child.kill('SIGKILL'))
    await listens()
    child.kill('SIGKILL')
    // Without a turn of the event loop, so that it stays a zombie: nobody has collected it.
    while (processStart(child.pid ?? 0) !== undefined);
    assert.equal(await isFree(port), true, `round ${round}`)
  }
})

test('a name with blanks and brackets does not shift the fields', {skip: process.platform !== 'linux'}, async t => {
  const child = spawn(process.execPath, [
    '-e',
    "process.title = 'a) b (c) R 1 2'; console.log(1); setInterval(() => {}, 1000)",
  ])
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  assert.match(processStart(child.pid ?? 0) ?? '', /^\d{3,}$/)
})

test('there is no start of a process that never was', () => {
  assert.equal(processStart(2 ** 30), undefined)
})
