// --keep-going: one round shows all that is wrong; the verdict stays, and what cannot run says why.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {whyNotBegun} from '../../pipelines/runSteps.ts'
import {stepEnds} from '../../scripts/lib/journal/facts.ts'
import {healthy, makeRig} from '../rig.ts'

test('C10 what fails in health and in verify is in one report with --keep-going', async context => {
  const calls = [{name: 'echoes', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'belay'}}]
  const rig = await makeRig(context, {servers: {one: {...healthy, calls, health: '/nowhere'}}})
  const ended = await rig.staging(['--keep-going'])
  assert.equal(ended.code, 1, ended.said)
  assert.equal(rig.verdict('health/own-path', 'one'), 'fail')
  assert.equal(rig.verdict('calls/echoes', 'one'), 'fail')
  const ends = stepEnds(rig.journal())
  assert.deepEqual(
    ['70-health', '80-verify', '84-drill'].map(step => ends.get(step)?.state),
    ['finished', 'finished', 'finished'],
  )
})

test('C10 without it the first failure is the end of the list, and a step says what it needs', () => {
  const verify = {despite: ['70-health']}
  assert.equal(whyNotBegun(verify, [], false), false)
  assert.equal(whyNotBegun(verify, ['70-health'], true), false)
  assert.match(String(whyNotBegun(verify, ['70-health'], false)), /a step before it failed/)
  assert.match(String(whyNotBegun(verify, ['70-health', '60-deploy'], true)), /needs what failed: 60-deploy$/)
  assert.match(String(whyNotBegun({}, ['20-build'], true)), /needs what failed: 20-build$/)
})

test('C10 a change of live does not go on: its rollback waits for nobody', async context => {
  const rig = await makeRig(context)
  const ended = await rig.start('pipelines/run.ts', [
    'production',
    '--env',
    'staging',
    '--fleet',
    rig.fleetPath,
    '--keep-going',
  ]).ended
  assert.equal(ended.code, 2, ended.said)
  assert.match(ended.said, /--keep-going: the pipeline production changes something/)
  assert.match(ended.said, /pnpm deploy:staging .*--keep-going/)
})
