// The written workflows are played with bash, and their journals compared with those of the same pipelines under the runner.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {serveGitHub} from '../../github/server.ts'
import {healthy, makeRig, type Rig, type RigOptions} from '../../rig.ts'
import {windowOf} from '../windows.ts'
import {checkout} from './checkout.ts'
import {type PlayedJob, playJob} from './playJob.ts'
import {told} from './told.ts'

const quick = {github: {event: {inputs: {quick: 'true'}}, event_name: 'workflow_dispatch', token: ''}}

const last = ({steps}: PlayedJob) => steps.find(({name}) => name === 'Say how the run ended')

describe('a pipeline as a workflow', {concurrency: 2}, () => {
  const fleets: [what: string, code: number, options: RigOptions][] = [
    ['a good fleet', 0, {}],
    ['a server that does not start', 1, {servers: {good: healthy, broken: {fixture: 'exits-at-once'}}}],
    ['a fleet file that is wrong', 2, {fleet: {accept: 'no list'}}],
  ]
  for (const [what, code, options] of fleets)
    test(`X13 staging.yml with ${what}: the same steps, order, verdicts and exit code as the runner`, async context => {
      const runner = await makeRig(context, options)
      const ended = await runner.staging()
      assert.equal(ended.code, code, ended.said)

      const rig = await makeRig(context, options)
      const played = await playJob({...checkout(rig, 'staging.yml'), job: 'staging', contexts: quick})
      const said = played.steps.map(({name, outcome, said: lines}) => `${name}: ${outcome}\n${lines}`).join('\n')
      assert.equal(last(played)?.code, code, said)
      assert.equal(played.status, code === 0 ? 'success' : 'failure', said)
      assert.deepEqual(told(rig), told(runner), said)

      // The report is the summary of the job, and what is kept is there.
      assert.equal(played.summary, rig.report('report.md'))
      const kept = played.steps.flatMap(({given}) => (given?.path === undefined ? [] : [given.path]))
      assert.equal(kept.length, code === 0 ? 2 : 1)
      for (const path of kept) assert.ok(existsSync(join(rig.folder, path)), path)
    })

  test('X13 B8 a workflow that is cancelled ends as a run after Ctrl-C: cleaned up, reported, 130, GitHub told', async context => {
    const options = windowOf('70-health')
    const runner = await makeRig(context, options)
    const running = runner.startStaging()
    await runner.begun('70-health')
    running.interrupt()
    assert.equal((await running.ended).code, 130)

    const served = await serveGitHub(context)
    const {GITHUB_TOKEN: token, ...variables} = served.variables()
    const rig = await makeRig(context, options)
    const files = checkout(rig, 'staging.yml')
    const played = await playJob({
      ...files,
      env: {...files.env, ...variables},
      job: 'staging',
      contexts: {github: {...quick.github, token}},
      cancels: async step => {
        if (step !== 'Health checks') return false
        await rig.begun('70-health')
        return true
      },
    })
    assert.equal(played.status, 'cancelled')
    assert.equal(last(played)?.code, 130)
    // The steps that tell GitHub are journaled, too; the runner had nobody to tell.
    const steps = told(rig).steps.filter(step => !/^(12-announce|92-github) /.test(step))
    assert.deepEqual(steps, told(runner).steps)
    // The first final state is told before the clean-up, for which GitHub may leave no time.
    const states = served.seen.flatMap(({body: {state}}) => (state === undefined ? [] : [state]))
    assert.deepEqual(states, ['queued', 'in_progress', 'inactive', 'inactive'])
    const names = played.steps.filter(({outcome}) => outcome !== 'skipped').map(({name}) => name)
    assert.ok(names.indexOf('Report cancellation to GitHub') < names.indexOf('Clean up'))
    assert.deepEqual(served.faults(), [])
    assert.equal(rig.verdict('rehearsal/live-unchanged'), 'pass')
  })

  test('X13 X14 a step that is killed gets its last word from the workflow, as from the runner', async context => {
    const options = windowOf('70-health')
    const kill = async (rig: Rig) => {
      // Killed at the same place in both, since what was judged before is compared.
      await rig.until('all of reachability is judged, and health takes its time', () =>
        [rig.verdict('reachability/own-origin', 'good'), rig.verdict('reachability/tls')].every(Boolean),
      )
      process.kill(await rig.stepProcess('70-health'), 'SIGKILL')
    }
    const runner = await makeRig(context, options)
    const running = runner.startStaging()
    await kill(runner)
    const {code} = await running.ended

    const rig = await makeRig(context, options)
    const played = await playJob({
      ...checkout(rig, 'staging.yml'),
      job: 'staging',
      contexts: quick,
      cancels: async step => {
        if (step === 'Health checks') await kill(rig)
        return false
      },
    })
    assert.equal(last(played)?.code, code)
    assert.deepEqual(told(rig), told(runner))
  })
})
