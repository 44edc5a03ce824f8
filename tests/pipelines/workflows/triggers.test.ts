// When the jobs of the written workflows are played at all, by the conditions that stand in them.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {parse} from 'yaml'
import type {Workflow} from '../../../pipelines/workflows/workflow.ts'
import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import {filledIn, holds} from './evaluateExpression.ts'

const files = workflowFiles({fleetPath: 'fleet.yaml', raw: {}})

function workflow(name: string): Workflow {
  return parse(files.find(file => file.name === name)?.text ?? '')
}

const ofOurOwn = {SEAWORTHY_RUNNER: 'live'}

function isPlayed(name: string, job: string, github: object, vars: object = ofOurOwn): boolean {
  return holds(workflow(name).jobs[job]?.if, {github: {event: {}, ...github}, vars}, 'success')
}

const after = (conclusion: string, event = 'push') => ({
  event_name: 'workflow_run',
  event: {workflow_run: {conclusion, event, head_sha: 'beef'}},
})

test('X13 production follows a staging of main that succeeded, and nothing else but a person', () => {
  const {on, jobs, concurrency} = workflow('production.yml')
  assert.deepEqual(on.workflow_run, {workflows: ['staging'], types: ['completed'], branches: ['main']})
  assert.equal(workflow('staging.yml').name, 'staging')
  const plays = (github: object, vars?: object) => isPlayed('production.yml', 'production', github, vars)
  assert.equal(plays(after('success')), true)
  for (const conclusion of ['failure', 'cancelled', 'skipped', 'timed_out'])
    assert.equal(plays(after(conclusion)), false)
  assert.equal(plays(after('success', 'pull_request')), false)
  assert.equal(plays(after('success', 'workflow_dispatch')), false, 'it may have left slow phases out')
  assert.equal(plays(after('success'), {}), false, 'a fork has no machine to deploy to')
  assert.equal(plays({event_name: 'workflow_dispatch'}), true)
  assert.equal(plays({event_name: 'workflow_dispatch'}, {}), false, 'nor by hand')
  // It takes the commit that was rehearsed, whatever main is by then.
  const ref = String(jobs.production?.steps[0]?.with?.ref)
  assert.equal(filledIn(ref, {github: {...after('success'), sha: 'cafe'}}), 'beef')
  assert.equal(filledIn(ref, {github: {event: {inputs: {commit: 'f00d'}}, sha: 'cafe'}}), 'f00d')
  assert.equal(filledIn(ref, {github: {event: {inputs: {commit: ''}}, sha: 'cafe'}}), 'cafe')
  // One group for all, and its deploy in progress goes on.
  assert.deepEqual(concurrency, {group: 'production', 'cancel-in-progress': false})
})

test('X13 a rollback is started by a person alone, in the way that was chosen', () => {
  assert.deepEqual(Object.keys(workflow('rollback.yml').on), ['workflow_dispatch'])
  for (const [way, programs] of [
    ['programs', true],
    ['shell', false],
  ] as const) {
    const github = {event: {inputs: {way}}}
    assert.equal(isPlayed('rollback.yml', 'programs', github), programs)
    assert.equal(isPlayed('rollback.yml', 'shell', github), !programs)
  }
})

test('X13 B11 the watch is scheduled more often than hourly where the fleet file asks for it, and never without', () => {
  assert.deepEqual(workflow('watch.yml').on, {workflow_dispatch: {}})
  const watched = workflowFiles({fleetPath: 'fleet.yaml', raw: {environments: {production: {watch: true}}}})
  const {on} = parse(watched.find(({name}) => name === 'watch.yml')?.text ?? '') as Workflow
  const [{cron = ''} = {}, ...more] = on.schedule as {cron: string}[]
  assert.deepEqual(more, [])
  assert.match(cron, /^\d+,\d+ \* \* \* \*$/)
  assert.equal(isPlayed('watch.yml', 'production', {}), true)
  assert.equal(isPlayed('watch.yml', 'production', {}, {}), false)
})

test('X13 staging and ci need nothing of a fork, and a pull request never meets a machine of ours', () => {
  for (const name of ['ci.yml', 'staging.yml'])
    for (const [id, job] of Object.entries(workflow(name).jobs))
      assert.doesNotMatch(job.if ?? '', /vars|secrets/, `${name} ${id}`)
  const runsOn = workflow('staging.yml').jobs.staging?.['runs-on'] ?? ''
  const on = (event_name: string, vars: object) => filledIn(runsOn, {github: {event_name}, vars})
  assert.equal(on('push', {}), 'ubuntu-24.04')
  assert.equal(on('push', ofOurOwn), 'live')
  assert.equal(on('pull_request', ofOurOwn), 'ubuntu-24.04')
})
