// Each step runs alone, with the same command line: what it says when what it needs is not there.
import assert from 'node:assert/strict'
import {mkdirSync, readdirSync} from 'node:fs'
import {describe, test} from 'node:test'
import {stepEnds} from '../../scripts/lib/journal/facts.ts'
import {healthy, makeRig} from '../rig.ts'

describe('steps alone', {concurrency: 2}, () => {
  test('B8 steps that need something live say that nothing is, and what to do', async context => {
    const rig = await makeRig(context)
    const said = /nothing is live in staging.*\n→ .*(deploy:staging|pnpm report)/
    for (const [step, words] of [
      ['70-health', []],
      ['80-verify', []],
      ['04-logs', ['good']],
    ] as const) {
      const ended = await rig.step(step, words)
      assert.equal(ended.code, 2, `${step}: ${ended.said}`)
      assert.match(ended.stderr, said, step)
      assert.doesNotMatch(ended.said, /^ +at /m)
    }
    const status = await rig.step('03-status')
    assert.equal(status.code, 0, status.said)
    assert.match(status.stdout, /rig staging \(local\): nothing is live/)
    const check = await rig.step('01-check')
    assert.equal(check.code, 0, check.said)
    assert.match(check.stdout, /✓ .*fleet rig, environment staging, 1 server$/m)
  })

  test('B8 plan and deploy without a release say what builds one', async context => {
    const rig = await makeRig(context)
    for (const step of ['40-plan', '60-deploy']) {
      const ended = await rig.step(step)
      assert.equal(ended.code, 2, ended.said)
      assert.match(ended.stderr, /there is no release yet\n→ pnpm build/, step)
    }
  })

  test('A8 B8 the pipeline by hand, step by step in one run, ends as the runner ends it', async context => {
    const rig = await makeRig(context, {servers: {good: healthy}})
    await rig.good('10-preflight')
    const [run = ''] = rig.runs()
    for (const step of ['20-build', '40-plan', '60-deploy', '70-health', '80-verify', '99-cleanup', '95-report']) {
      await rig.good(step, ['--run', run])
    }
    assert.deepEqual(rig.runs(), [run], 'one run, one journal')
    assert.ok([...stepEnds(rig.journal(run)).values()].every(end => end.verdict === 'pass'))
    assert.match(rig.report('report.md', run), /READY/)
  })

  test('B8 a step of a run that is over says that its twin is gone', async context => {
    const rig = await makeRig(context)
    for (const step of ['20-build', '60-deploy']) await rig.good(step)
    const [run = ''] = rig.runs()
    await rig.good('99-cleanup', ['--run', run])
    const ended = await rig.step('70-health', ['--run', run])
    assert.equal(ended.code, 2, ended.said)
    assert.match(ended.stderr, /rehearsal-.* of this run is gone\n→ run the whole pipeline again/)
  })

  test('X14 clean-up removes also a twin that was killed before it was described', async context => {
    const rig = await makeRig(context)
    await rig.good('20-build')
    const [run = ''] = rig.runs()
    mkdirSync(`${rig.root}/instances/rehearsal-${run}/ingress`, {recursive: true})
    await rig.good('99-cleanup', ['--run', run])
    assert.deepEqual(readdirSync(`${rig.root}/instances`), [])
  })

  test('C2 C4 --phase and --server choose what is looked at', async context => {
    const rig = await makeRig(context, {servers: {one: healthy, two: healthy}})
    for (const step of ['20-build', '60-deploy']) await rig.good(step)
    const [run = ''] = rig.runs()
    const ended = await rig.step('80-verify', ['--run', run, '--phase', 'tools', '--server', 'two'])
    assert.equal(ended.code, 0, ended.said)
    const made = rig.checks(run).filter(check => check.phase === 'tools')
    assert.deepEqual([...new Set(made.map(check => check.server))].sort(), ['two', undefined])
    await rig.good('99-cleanup', ['--run', run])
    assert.deepEqual(readdirSync(`${rig.root}/instances`), [])
  })
})
