// kill -9 of a deploy, of its finish and of a rollback after every effect, then `pnpm resume`: one release is live, nothing else
// runs, and no call was lost meanwhile. SWEEP=full kills at every effect; without it, at one of every kind.
import assert from 'node:assert/strict'
import {after, describe, test} from 'node:test'
import {callers} from './callers.ts'
import {inOrder, type Versions} from './inOrder.ts'
import {killedAt} from './killed.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, versionsOf} from './liveRig.ts'
import {points} from './points.ts'

const full = process.env.SWEEP === 'full'
const only = process.env.SWEEP_ONLY?.split(',') ?? ['deploy', 'finish', 'rollback']
// Each shard has its own environment, so that they run at the same time.
const shards = 2
const hit = new Set<string>()

describe('X14 kill -9 at every effect, then resume', {concurrency: shards}, () => {
  for (let shard = 0; shard < shards; shard += 1) {
    test(`shard ${shard + 1} of ${shards}`, async t => {
      // The replaced copy that can goes on standby, far longer than this takes: finish leaves it, rollback takes it back.
      const rig = await makeLiveRig(t, {limits: {standbySeconds: 3600}})
      const sweep = await prepared(rig)
      let during = 'the beginning'
      const calling = callers(rig, t, () => during)
      const mine = (effects: readonly string[]) => points(effects, full).filter((_, index) => index % shards === shard)
      const resumed = async (step: string, at: number, effects: readonly string[]) => {
        const where = `${step} killed at ${at}, ${effects[at - 1] ?? 'after its end'}`
        hit.add(effects[at - 1] ?? 'its end')
        during = `resume after ${where}`
        await rig.good('15-resume')
        const live = await inOrder(rig, sweep.versions, where)
        t.diagnostic(`${where}: ${live === sweep.a ? 'A' : 'B'}`)
      }
      const kill = {
        deploy: async (at: number) => {
          await sweep.goTo(sweep.a)
          during = `deploy killed at ${at}`
          await resumed('deploy', at, await sweep.deploy(sweep.begin(), at))
        },
        finish: async (at: number) => {
          await sweep.goTo(sweep.a)
          const run = sweep.begin()
          await sweep.deploy(run, 0)
          during = `finish killed at ${at}`
          await resumed('finish', at, await sweep.finish(run, at))
        },
        rollback: async (at: number) => {
          during = `rollback killed at ${at}`
          await resumed('rollback', at, await sweep.rollback(at))
        },
      }
      const due = (what: keyof typeof kill) => (only.includes(what) ? mine(sweep.effects[what]) : [])
      for (const at of due('deploy')) await kill.deploy(at)
      const finishing = due('finish')
      const goingBack = due('rollback')
      // Each ends with the other one live, so they take turns.
      while (finishing.length + goingBack.length > 0) {
        const at = finishing.shift()
        if (at !== undefined) await kill.finish(at)
        const back = goingBack.shift()
        if (back !== undefined) await kill.rollback(back)
      }

      // What was killed so often still takes a normal deploy and a normal rollback.
      during = 'the deploy at the end'
      await sweep.goTo(sweep.a)
      await sweep.put(sweep.begin())
      assert.equal(await inOrder(rig, sweep.versions, during), sweep.b)
      await sweep.goTo(sweep.a)
      assert.equal(await inOrder(rig, sweep.versions, 'the rollback at the end'), sweep.a)

      const seen = await calling.end()
      t.diagnostic(`${seen.calls} calls`)
      for (const [server, {ms, at}] of Object.entries(seen.longest))
        t.diagnostic(`longest of ${server}: ${ms} ms at ${at}`)
      assert.deepEqual([seen.faults, seen.lost], [[], []], 'calls that failed, or that state did not keep exactly once')
    })
  }

  after(() => {
    const types = [
      'entry run',
      'entry step',
      'entry command started',
      'entry command finished',
      'entry check',
      'entry fact',
    ]
    const due = [...types, 'entry release', 'after rename', 'after remove', 'after link']
    const missing = due.filter(type => ![...hit].some(kind => kind.startsWith(type)))
    if (process.env.SWEEP_ONLY === undefined) assert.deepEqual(missing, [], 'kinds of effects that were never hit')
  })
})

/** An environment where A is live and B is rehearsed, and the ways between them. */
async function prepared(rig: LiveRig) {
  // What is about kills needs no rehearsal, which would be most of the time.
  const live = ['--apply', '--override', 'the sweep is about kills']
  const put = async (run: string): Promise<string> => {
    await rig.good('60-deploy', ['--run', run, ...live])
    await rig.good('85-finish', ['--run', run])
    await rig.good('99-cleanup', ['--run', run])
    return rig.pointer()?.release ?? ''
  }
  const a = await put(await rig.plan(editionA))
  const like = await rig.plan(editionB)
  let count = 0
  const begin = () => rig.beginLike(like, `20200101-${String(count++).padStart(6, '0')}-staging-beef`)
  const goTo = async (release: string) => {
    if (rig.pointer()?.release !== release) await rig.good('90-rollback', ['--to', release])
  }
  const deploy = (run: string, at: number) => killedAt(rig, {step: '60-deploy', flags: ['--run', run, ...live], at})
  const finish = (run: string, at: number) => killedAt(rig, {step: '85-finish', flags: ['--run', run], at})
  // By name, since a release that was rolled back is not chosen by itself.
  const rollback = (at: number) =>
    killedAt(rig, {step: '90-rollback', flags: ['--to', rig.pointer()?.release === a ? b : a], at})
  let b = ''
  const run = begin()
  const effects = {deploy: await deploy(run, 0), finish: await finish(run, 0), rollback: [] as string[]}
  b = rig.pointer()?.release ?? ''
  await rig.good('99-cleanup', ['--run', run])
  effects.rollback = await rollback(0)
  const versions: Versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  return {a, b, versions, effects, begin, goTo, put, deploy, finish, rollback}
}
