// Releases that are bad in each of three ways, and a previous one that no longer starts: what was good goes on serving.
import assert from 'node:assert/strict'
import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {ask} from './ask.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, makeLiveRig, names, versionsOf} from './liveRig.ts'

const override = ['--override', 'it is only a test']
const fixture = (name: string, env: Record<string, string> = {}) => ({
  command: ['node', '--import', '{server}/refuse-strangers.mjs', `${name}.mjs`],
  env: {PORT: '{port}', VERSION: 'B', ...env},
})

const bad: Record<string, {edition: Record<string, Record<string, unknown>>; says: RegExp; step: string}> = {
  'never becomes ready': {
    edition: {[names.beside]: fixture('never-listens')},
    says: /✗ deploy\/ready beside: the deadline of 4 s passed before it answered/,
    step: '60-deploy',
  },
  'becomes ready and then dies': {
    edition: {[names.beside]: fixture('dies-after', {DIE_AFTER_MS: '1200'})},
    says: /✗ health\/(steady|restarts) beside/,
    step: '70-health',
  },
  'answers wrongly': {
    edition: {new: {calls: [{tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'land'}}]}},
    says: /✗ calls\/\S+ new/,
    step: '80-verify',
  },
}

describe('B8 B12 a bad release', {concurrency: 2}, () => {
  for (const [how, {edition, says, step}] of Object.entries(bad)) {
    test(`that ${how} is rolled back by itself, and no call is lost meanwhile`, async t => {
      const rig = await makeLiveRig(t, {limits: {steadySeconds: 2.5}})
      const a = await rig.putLiveByHand(editionA)
      const calling = callers(rig, t)
      rig.edit({...editionB, servers: {...editionB.servers, ...edition}})
      const ended = await rig.deploy(override)
      assert.equal(ended.code, 1, ended.said)
      assert.match(ended.stdout, says)
      assert.match(ended.stdout, new RegExp(`${shortDigest(a)} is live`))
      const failed = rig.journal().filter(entry => entry.type === 'step' && entry.verdict === 'fail')
      assert.deepEqual(
        failed.map(entry => (entry.type === 'step' ? entry.step : '')),
        [step],
      )
      assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, how), a)
      const {faults, lost} = await calling.end()
      // What the bad copy itself answered while it had the traffic is its own fault, and the reason for going back.
      const others = faults.filter(fault => step === '60-deploy' || !fault.startsWith(names.beside))
      assert.deepEqual([others, lost], [[], []])
    })
  }

  test('to which a rollback cannot go ends with 3: both copies are kept, and there is a way on and a way back', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const b = await rig.putLiveByHand(editionB)
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    const refuses = join(rig.state, 'refuses-A')
    writeFileSync(refuses, '')
    const ended = await rig.rollback()
    assert.equal(ended.code, 3, ended.said)
    assert.match(ended.stderr, /both copies are kept where they run; requests go to/)
    assert.match(
      ended.stderr,
      new RegExp(`→ a person is needed: .*pnpm rollback (--\\w+ \\S+ )*--to ${shortDigest(b)}`),
    )
    const answers = await Promise.all(Object.values(names).map(name => ask(rig.through(name))))
    assert.deepEqual(
      answers.map(answer => answer.fault),
      [undefined, undefined, undefined],
    )
    assert.equal(rig.transition()?.purpose, 'rollback')

    const next = await rig.resume()
    assert.equal(next.code, 3, next.said)
    const elsewhere = await rig.rollback(['--to', 'ffff'])
    assert.equal(elsewhere.code, 2, elsewhere.said)
    await rig.good('90-rollback', ['--to', shortDigest(b)])
    assert.equal(await inOrder(rig, versions, 'the rollback that was given up'), b)

    rmSync(refuses)
    await rig.good('90-rollback')
    assert.equal(await inOrder(rig, versions, 'the rollback that can finish'), a)
  })
})
