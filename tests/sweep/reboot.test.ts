// The host restarts: every process is gone at once, whatever was under way. One command recovers live again.
import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {killed} from '../rigProcesses.ts'
import {ask} from './ask.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const override = ['--override', 'it is only a test']

/** Again and again, since a supervisor may start its program again before it is killed itself. */
async function reboot(rig: LiveRig, runner?: {pid: number; ended: Promise<unknown>}): Promise<void> {
  if (runner !== undefined) killed(runner.pid)
  for (let left = rig.processes(); left.length > 0; left = rig.processes()) {
    for (const {pid} of left) killed(pid)
    await pause(20)
  }
  await runner?.ended
  assert.equal(existsSync(join(rig.state, 'conflicts')), false, 'two copies wrote one state before the reboot')
  // Process numbers of before say nothing afterwards; here a killed writer may not be reaped yet.
  rmSync(join(rig.state, 'writer'), {force: true})
}

async function both(rig: LiveRig) {
  const a = await rig.putLiveByHand(editionA)
  const b = await rig.putLiveByHand(editionB)
  return {a, b, versions: {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}}
}

describe('X14 after a reboot', {concurrency: 2}, () => {
  test('resume starts what was live again, on the state that is there, and a second resume does nothing', async t => {
    const rig = await makeLiveRig(t)
    const {b, versions} = await both(rig)
    writeFileSync(join(rig.state, 'kept'), 'written before the reboot')
    const since = rig.pointer()?.since
    await reboot(rig)
    assert.notEqual((await ask(rig.through(names.beside))).fault, undefined, 'nothing answers')
    const resumed = await rig.resume()
    assert.equal(resumed.code, 0, resumed.said)
    assert.match(resumed.stdout, /what is live does not run, as after a reboot: it is started again/)
    assert.equal(await inOrder(rig, versions, 'resume after a reboot'), b)
    assert.equal(readFileSync(join(rig.state, 'kept'), 'utf8'), 'written before the reboot')
    assert.equal(rig.pointer()?.since, since, 'it is live since it went live')
    const again = await rig.resume()
    assert.equal(again.code, 0, again.said)
    assert.doesNotMatch(again.stdout, /started again/)
  })

  test('rollback goes to the release before, though nothing runs', async t => {
    const rig = await makeLiveRig(t)
    const {a, versions} = await both(rig)
    await reboot(rig)
    const ended = await rig.rollback()
    assert.equal(ended.code, 0, ended.said)
    assert.match(ended.stdout, /nothing of live runs any more, so everything is restarted/)
    assert.equal(await inOrder(rig, versions, 'rollback after a reboot'), a)
  })

  test('a deploy starts what was live first, so that it can go back to it when the new release is bad', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    await reboot(rig)
    rig.edit({
      ...editionB,
      servers: {new: {command: ['node', '--import', '{server}/refuse-strangers.mjs', 'never-listens.mjs']}},
    })
    const ended = await rig.deploy(override)
    assert.equal(ended.code, 1, ended.said)
    assert.match(ended.stdout, /it is started again before it is changed/)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'a bad deploy after a reboot'), a)
  })

  const moments = [
    {name: 'in the middle of a deploy', begin: 'deploy', when: 'deploy', ends: 'a'},
    {name: 'while the old copies end', begin: 'deploy', when: 'finish', ends: 'b'},
    {name: 'in the middle of a rollback', begin: 'rollback', when: 'rollback', ends: 'a'},
  ] as const
  for (const {name, begin, when, ends} of moments)
    test(`${name}, resume leaves exactly one release, answering`, async t => {
      const rig = await makeLiveRig(t, {limits: {drainSeconds: 3}})
      const {a, b, versions} = await both(rig)
      if (begin === 'deploy') await rig.good('90-rollback')
      const running = begin === 'deploy' ? rig.startDeploy(override) : rig.start('scripts/90-rollback.ts', rig.common)
      await rig.until(
        `a ${when} has begun to switch`,
        () => {
          const {purpose, stages = {}} = rig.transition() ?? {}
          return purpose === when && Object.values(stages).some(stage => stage === 'switched' || stage === 'settled')
        },
        100_000,
      )
      await reboot(rig, running)
      const resumed = await rig.resume()
      assert.equal(resumed.code, 0, resumed.said)
      assert.equal(await inOrder(rig, versions, name), ends === 'a' ? a : b)
    })
})
