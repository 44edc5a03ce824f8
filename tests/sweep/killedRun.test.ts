// kill -9 of a whole pipeline, runner and step at once, in each of its steps; resume, and the next run goes through.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {killed} from '../rigProcesses.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, makeLiveRig, versionsOf} from './liveRig.ts'

const steps = ['20-build', '40-plan', '60-deploy', '70-health', '80-verify', '85-finish', '99-cleanup']

test('X14 kill -9 of a whole deploy in each step: resume recovers it, and a normal deploy follows', async t => {
  const rig = await makeLiveRig(t)
  const a = await rig.putLiveByHand(editionA)
  const b = await rig.putLiveByHand(editionB)
  await rig.good('90-rollback')
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  const calling = callers(rig, t)
  const override = ['--override', 'it is only a test']
  for (const step of steps) {
    const running = rig.startDeploy(override)
    const file = `scripts/${step}.ts`
    const found = () => rig.processes().find(({argv}) => argv.includes(file))?.pid
    await rig.until(`a process of ${step}`, () => found() !== undefined, 85_000)
    // A step is loaded two steps before its turn; the clean-up is to be killed when the change was found good.
    const ended = () =>
      rig.journal().some(one => one.type === 'step' && one.step === '85-finish' && one.state === 'finished')
    await rig.until(`the turn of ${step}`, () => step !== '99-cleanup' || ended(), 85_000)
    const pid = found() ?? assert.fail(`${step} had ended already`)
    // Both are leaders of their groups.
    process.kill(-running.pid, 'SIGKILL')
    process.kill(-pid, 'SIGKILL')
    // A step is loaded before its turn, so others of the run may be there as well; all of it is killed.
    for (const one of rig.processes()) if (/scripts\/\d\d-[\w-]+\.ts .*--run /.test(one.argv)) killed(one.pid)
    await running.ended
    const resumed = await rig.resume()
    assert.equal(resumed.code, 0, `${step}: ${resumed.said}`)
    const live = await inOrder(rig, versions, `a run killed in ${step}`)
    assert.equal(live, step === '99-cleanup' ? b : a, step)
    if (live === b) await rig.good('90-rollback')
  }
  const deployed = await rig.deploy(override)
  assert.equal(deployed.code, 0, deployed.said)
  assert.equal(await inOrder(rig, versions, 'the deploy at the end'), b)
  const {faults, lost} = await calling.end()
  assert.deepEqual([faults, lost], [[], []])
})
