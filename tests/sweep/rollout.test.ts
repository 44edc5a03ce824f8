// How a change of live proceeds over its servers: a canary first, a failure budget, and three ways to end over it.
import assert from 'node:assert/strict'
import {describe, test} from 'node:test'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {ask} from './ask.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {type Edition, editionA, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const override = ['--override', 'it is only a test']
const before: Edition = {version: 'A', servers: {old: {}, new: {}}}
// `beside` is the canary; `old` and `new` follow together; `keeper` depends on the canary and comes last.
const broken: Edition = {
  version: 'B',
  servers: {
    old: {},
    new: {
      command: ['node', '--import', '{server}/refuse-strangers.mjs', 'never-listens.mjs'],
      env: {PORT: '{port}', VERSION: 'B'},
    },
  },
}

async function answering(rig: LiveRig): Promise<Record<string, string | undefined>> {
  const all = [...Object.values(names), 'old', 'new']
  const answers = await Promise.all(all.map(async name => [name, await ask(rig.through(name))] as const))
  return Object.fromEntries(answers.map(([name, {version, fault}]) => [name, version ?? fault]))
}

async function noneLost(calling: ReturnType<typeof callers>): Promise<void> {
  const {calls, faults, lost} = await calling.end()
  assert.ok(calls > 100, `only ${calls} calls`)
  assert.deepEqual([faults, lost], [[], []])
}

/** Servers in the order in which the deploy told how their change went. */
function told(rig: LiveRig): (string | undefined)[] {
  return entriesOf(rig.journal(), 'check')
    .filter(({check}) => check === 'deploy/ready')
    .map(({server}) => server)
}

describe('B12 a rollout', {concurrency: 2}, () => {
  const ways = [
    {onFailure: 'halt', left: {kept: 'kept', beside: 'B', keeper: 'A', old: 'B', new: 'A'}},
    {onFailure: 'rollback-batch', left: {kept: 'kept', beside: 'B', keeper: 'A', old: 'A', new: 'A'}},
  ]
  for (const {onFailure, left} of ways)
    test(`that ends by ${onFailure} stays where it is, every server answering, until a person puts it back`, async t => {
      const rig = await makeLiveRig(t, {rollout: {onFailure}})
      const a = await rig.putLiveByHand(before)
      const calling = callers(rig, t)
      rig.edit(broken)
      const ended = await rig.deploy(override)
      assert.equal(ended.code, 1, ended.said)
      assert.match(
        ended.stdout,
        /the change is halted where it is, as the fleet file asks: pnpm rollback (--\w+ \S+ )*puts everything/,
      )
      assert.deepEqual(told(rig).slice(0, 2), [names.kept, names.beside], 'the canary goes first, alone')
      assert.ok(!told(rig).includes(names.inPlace), 'no batch is begun after the one that failed')
      assert.deepEqual(await answering(rig), left)
      assert.equal(rig.pointer()?.release, a, 'what is recorded as live is the release that was found good')

      await rig.good('90-rollback')
      assert.equal(await inOrder(rig, {[a]: versionsOf(before)}, `rollback after ${onFailure}`), a)
      await noneLost(calling)
    })

  test('that ends by rollback-all, which is what it does when nothing is said, puts everything back by itself', async t => {
    const rig = await makeLiveRig(t, {rollout: {canary: 2}})
    const a = await rig.putLiveByHand(before)
    rig.edit(broken)
    const ended = await rig.deploy(override)
    assert.equal(ended.code, 1, ended.said)
    assert.equal(await inOrder(rig, {[a]: versionsOf(before)}, 'rollback-all'), a)
  })

  test('with a failure budget goes on: the one that did not come up stays on its old copy, and the report says so', async t => {
    const rig = await makeLiveRig(t, {rollout: {failureBudget: 1}})
    await rig.putLiveByHand(before)
    const calling = callers(rig, t)
    rig.edit(broken)
    const ended = await rig.deploy(override)
    assert.equal(ended.code, 0, ended.said)
    const left = {kept: 'kept', beside: 'B', keeper: 'B', old: 'B', new: 'A'}
    assert.deepEqual(await answering(rig), left)
    const b = rig.pointer()?.release ?? ''
    assert.equal(await inOrder(rig, {[b]: left}, 'within the budget'), b)
    assert.match(ended.stdout, /new: stays on its old copy, within the failure budget/)
    await noneLost(calling)

    // The next change begins from what runs, and takes up what was left behind.
    const next = await rig.putLiveByHand({version: 'C', servers: {old: {}, new: {}}})
    assert.equal(await inOrder(rig, {[next]: versionsOf({version: 'C', servers: {old: {}, new: {}}})}, 'next'), next)
  })

  test('with a failure budget of one ends when a second server does not come up', async t => {
    const rig = await makeLiveRig(t, {rollout: {failureBudget: 1}})
    const a = await rig.putLiveByHand(before)
    rig.edit({...broken, servers: {old: broken.servers?.new ?? {}, new: broken.servers?.new ?? {}}})
    const ended = await rig.deploy(override)
    assert.equal(ended.code, 1, ended.said)
    assert.equal(await inOrder(rig, {[a]: versionsOf(before)}, 'over the budget'), a)
  })

  test('of a release whose servers all come up ends with all of them, whatever the batches', async t => {
    const rig = await makeLiveRig(t, {rollout: {canary: 1, growth: 1}})
    await rig.putLiveByHand(editionA)
    rig.edit({version: 'B', servers: {old: {}}})
    const ended = await rig.deploy(override)
    assert.equal(ended.code, 0, ended.said)
    assert.deepEqual(told(rig), [names.kept, names.beside, 'old', names.inPlace])
  })
})
