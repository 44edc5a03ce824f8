// A clock that is set back between steps, runs and releases: nothing is decided by which time is later.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {inOrder} from './inOrder.ts'
import {killedAt} from './killed.ts'
import {type Edition, editionA, editionB, type LiveRig, makeLiveRig, versionsOf} from './liveRig.ts'

const preload = join(import.meta.dirname, 'setBack.mjs')
const clock = (hours: number) => ({env: {NODE_OPTIONS: `--import=${preload}`, CLOCK_HOURS: String(hours)}})
const editionC: Edition = {version: 'C', servers: {new: {}}}

test('X14 with the clock set back a rollback still goes to the release before, and a killed change is put in order', async t => {
  const rig = await makeLiveRig(t)
  // Each release is found good a day before the one that came before it.
  const a = await put(rig, editionA, 0)
  const b = await put(rig, editionB, -24)
  const c = await put(rig, editionC, -48)
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB), [c]: versionsOf(editionC)}
  const times = [a, b, c].map(release => rig.record(release)?.verified?.at ?? '')
  assert.deepEqual([...times].sort(), times.toReversed(), 'the clock was not set back')

  const back = await rig.rollback([], clock(-72))
  assert.equal(back.code, 0, back.said)
  assert.equal(await inOrder(rig, versions, 'a rollback with the clock set back'), b)

  // Killed while it has the lock; whoever comes next lives in another time.
  for (const hours of [-1000, 1000]) {
    const goal = rig.pointer()?.release === b ? a : b
    const effects = await killedAt(rig, {step: '90-rollback', flags: ['--to', goal], at: 24})
    assert.equal(effects.length, 24)
    assert.ok(rig.lock() !== undefined && rig.transition() !== undefined, 'it was killed in the middle')
    const resumed = await rig.resume([], clock(hours))
    assert.equal(resumed.code, 0, resumed.said)
    assert.equal(await inOrder(rig, versions, `resume with the clock ${hours} h off`), goal)
  }
})

async function put(rig: LiveRig, edition: Edition, hours: number): Promise<string> {
  rig.edit(edition)
  const before = new Set(rig.runs())
  const step = async (name: string, flags: readonly string[] = []) => {
    const ended = await rig.step(name, flags, clock(hours))
    assert.equal(ended.code, 0, `${name}: ${ended.said}`)
  }
  await step('20-build')
  const run = ['--run', rig.runs().find(one => !before.has(one)) ?? '']
  await step('40-plan', run)
  await step('60-deploy', [...run, '--apply', '--override', 'it is only a test'])
  await step('85-finish', run)
  await step('99-cleanup', run)
  return rig.pointer()?.release ?? ''
}
