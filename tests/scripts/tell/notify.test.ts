// The program that tells people: once for every end of a run, at the destinations of its environment, without any effect on it.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {describe, type TestContext, test} from 'node:test'
import {entriesOf} from '../../../scripts/lib/journal/facts.ts'
import {filesWith} from '../../filesWith.ts'
import {receiver, secretPath} from '../../lib/notify/receiver.ts'
import {makeRig, type Rig} from '../../rig.ts'
import {digest, runEnds, writtenRun} from './writtenRun.ts'

const contacts = [{name: 'Ada', role: 'first', reach: '+1 555 0100'}]

/** A rig whose environment staging has these destinations, and production others. */
function rigWith(test: TestContext, notify: object[], env: Record<string, string>): Promise<Rig> {
  const staging = {target: 'local', ingress: {port: 18_700}, notify}
  const production = {target: 'local', ingress: {port: 18_701}, notify: [{channel: 'webhook', secret: 'OTHER_HOOK'}]}
  return makeRig(test, {fleet: {contacts, environments: {staging, production}}, env})
}

describe('94-notify', {concurrency: 2}, () => {
  test('B14 B15 every end is told once, with who is called when a person is needed', async context => {
    const [hook, other] = await Promise.all([receiver(context), receiver(context)])
    const notify = [{channel: 'webhook', secret: 'HOOK_URL'}]
    const rig = await rigWith(context, notify, {HOOK_URL: hook.url, OTHER_HOOK: other.url})
    for (const [what, name, how, outcome, sentence] of runEnds) {
      const before = hook.came.length
      const run = writtenRun(rig, name, how)
      const ended = await rig.step('94-notify', ['--run', run])
      assert.equal(ended.code, 0, ended.said)
      const [told] = hook.came.slice(before)
      assert.equal(hook.came.length, before + 1, what)
      assert.deepEqual([told?.body.outcome, told?.body.run, told?.body.environment], [outcome, run, 'staging'], what)
      assert.match(String(told?.body.sentence), sentence, what)
      assert.equal(String(told?.body.text).includes('+1 555 0100'), outcome === 'rollback-failed', what)
    }
    const [run = ''] = rig.runs()
    const again = await rig.step('94-notify', ['--run', run])
    assert.equal(again.code, 0)
    assert.match(again.stdout, /webhook HOOK_URL was told before/)
    assert.equal(hook.came.length, runEnds.length)
    assert.equal(other.came.length, 0, 'production has destinations of its own')
    assert.deepEqual(filesWith(rig.folder, secretPath), [])
  })

  test('B14 a rehearsal tells nobody but those who want rehearsals', async context => {
    const [one, two] = await Promise.all([receiver(context), receiver(context)])
    const notify = [
      {channel: 'slack', secret: 'ONE_URL'},
      {channel: 'slack', secret: 'TWO_URL', rehearsals: true},
    ]
    const rig = await rigWith(context, notify, {ONE_URL: one.url, TWO_URL: two.url})
    await rig.good('94-notify', ['--run', writtenRun(rig, 'staging')])
    assert.deepEqual([one.came.length, two.came.length], [0, 1])
  })

  test('B14 what refuses is reported, changes nothing, and its address is nowhere', async context => {
    const broken = await receiver(context, 500)
    const rig = await rigWith(context, [{channel: 'slack', secret: 'HOOK_URL'}], {HOOK_URL: broken.url})
    const run = writtenRun(rig, 'production')
    const ended = await rig.step('94-notify', ['--run', run])
    assert.equal(ended.code, 0)
    assert.match(ended.stdout, /slack HOOK_URL was not notified: .*HTTP status 500/)
    await rig.step('95-report', ['--run', run])
    assert.match(rig.report('report.md', run), /that slack HOOK\\?_URL was told/)
    assert.equal(ended.said.includes(secretPath), false)
    assert.deepEqual(filesWith(rig.folder, secretPath), [])
  })

  test('B14 a rollback and a resume that are runs of their own tell by themselves, and news only', async context => {
    const hook = await receiver(context)
    const rig = await rigWith(context, [{channel: 'webhook', secret: 'HOOK_URL'}], {HOOK_URL: hook.url})
    await rig.good('15-resume')
    assert.equal(hook.came.length, 0, 'nothing was left to put in order')
    const ended = await rig.step('90-rollback')
    assert.equal(ended.code, 2, ended.said)
    assert.deepEqual(
      hook.came.map(({body}) => [body.purpose, body.outcome]),
      [['rollback', 'unjudged']],
    )
    const steps = entriesOf(rig.journal(), 'step').map(({step, state}) => `${step} ${state}`)
    assert.deepEqual(steps.slice(-2), ['94-notify started', '94-notify finished'])
  })

  test('B14 an environment that names nobody: the program says so and writes nothing', async context => {
    const rig = await rigWith(context, [], {})
    const run = writtenRun(rig, 'production', {more: [{type: 'release', release: digest, event: 'verified'}]})
    const before = readFileSync(rig.journalFile(run), 'utf8')
    const ended = await rig.good('94-notify', ['--run', run])
    assert.match(ended.stdout, /nobody is told in staging/)
    assert.equal(readFileSync(rig.journalFile(run), 'utf8'), before)
  })
})
