// Proves that no process of a run outlives its state folder, and that no other process is stopped.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {endSupervised, stateFolder} from '../../../bench/child/stateFolder.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'

async function leftBehind(test: TestContext) {
  const child = spawn('sleep', ['60'], {detached: true, stdio: 'ignore'})
  test.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  return child
}

function writeSupervisor(state: string, place: string, text: string): void {
  const folder = join(state, 'seaworthy', 'sample', 'staging', 'instances', 'rehearsal-1', place)
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'supervisor'), text)
}

for (const place of ['ingress', 'copies/memory.a'])
  test(`what runs in ${place} is ended with the folder`, async test => {
    const child = await leftBehind(test)
    const exited = once(child, 'exit')
    const state = stateFolder()
    writeSupervisor(state.path, place, `${child.pid} ${processStart(child.pid ?? 0)}\n`)
    await state[Symbol.asyncDispose]()
    assert.deepEqual(await exited, [null, 'SIGKILL'])
    assert.equal(existsSync(state.path), false)
  })

test('a process that only has the pid of one that ended is left alone', async test => {
  const child = await leftBehind(test)
  await using state = stateFolder()
  writeSupervisor(state.path, 'ingress', `${child.pid} 1\n`)
  writeSupervisor(state.path, 'copies/files.a', `${child.pid}\n`)
  assert.equal(endSupervised(state.path), 0)
  assert.notEqual(processStart(child.pid ?? 0), undefined)
})
