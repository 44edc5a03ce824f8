// The emergency rollback where copies are on standby: it takes its own back, ends those of others, and leaves nothing to end them later.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {processesWith} from '../rigProcesses.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names} from '../sweep/liveRig.ts'
import {isRunning} from './localInstance.ts'
import {answersAs, inOrder, leaveScript, night, steps} from './rollbackRig.ts'

test('X11 C13 rollback.sh takes a copy back from standby as it is, and whoever comes later does not end it', async t => {
  const rig = await makeLiveRig(t, {limits: {standbySeconds: 3600}})
  await steps(rig, editionA)
  const a = leaveScript(rig)
  const old = programOf(rig)
  await steps(rig, editionB)
  assert.equal(isRunning(old), true)

  await t.test('its own copy is taken back', async t => {
    const {ms, code, said} = await night(rig, a, 'A', {server: names.beside})
    assert.equal(code, 0, said)
    t.diagnostic(`from the start to the copy that was on standby: ${ms} ms`)
    assert.match(said, /beside: its copy \S+ on standby is taken back, on port \d+/)
    await inOrder(rig, a, 'A')
    assert.deepEqual([programOf(rig), rig.standby(), sleepers(rig)], [old, undefined, []])
  })

  await t.test('the next deploy replaces it like any other, and leaves it on standby again', async () => {
    await steps(rig, editionB)
    await answersAs(rig, 'B')
    assert.deepEqual([isRunning(old), sleepers(rig).length], [true, 1])
  })

  await t.test('a copy of another release on standby is ended', async () => {
    await steps(rig, {version: 'C', servers: {new: {}}})
    const beside = programOf(rig)
    const {code, said} = await night(rig, a, 'A', {server: names.beside})
    assert.equal(code, 0, said)
    await inOrder(rig, a, 'A')
    assert.deepEqual([isRunning(old), isRunning(beside), rig.standby(), sleepers(rig)], [false, false, undefined, []])
  })

  await t.test('one that is being ended at that moment is restarted', async () => {
    const before = programOf(rig)
    await steps(rig, editionB)
    // As if its time were over: who waits for that is told that it slept long enough.
    const folder = rig.standby()?.instance.servers[0]?.folder ?? ''
    for (const {pid, argv} of processesWith(folder)) if (argv.startsWith('sleep ')) process.kill(pid, 'SIGKILL')
    const {code, said} = await night(rig, a, 'A', {server: names.beside})
    assert.equal(code, 0, said)
    await inOrder(rig, a, 'A')
    assert.notEqual(programOf(rig), before)
    assert.deepEqual(sleepers(rig), [])
  })
})

function programOf(rig: LiveRig): number {
  const folder = rig.instance()?.servers.find(({name}) => name === names.beside)?.folder ?? ''
  return Number(readFileSync(join(folder, 'child'), 'utf8').split(' ')[0])
}

function sleepers(rig: LiveRig): string[] {
  return rig.processes().flatMap(({argv}) => (argv.includes('standby.sh') ? [argv] : []))
}
