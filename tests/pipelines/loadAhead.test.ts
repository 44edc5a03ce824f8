// Steps are loaded while the one before works: in the order of the pipeline, and none of them outlives the run.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {makeRig} from '../rig.ts'

const waiting = /scripts\/(\d\d-\w+)\.ts/

test('X14 steps that wait for their turn do nothing, and end with a runner that is killed', async context => {
  const rig = await makeRig(context, {servers: {slow: {fixture: 'never-listens'}}, limits: {startupSeconds: 10}})
  const running = rig.startStaging()
  await rig.until('the twin runs', () => rig.processes().some(({argv}) => argv.includes('never-listens.mjs')))
  const loaded = () => rig.processes().flatMap(({argv}) => waiting.exec(argv)?.[1] ?? [])
  await rig.until('the next step is loaded', () => loaded().length === 2)
  assert.deepEqual(loaded().toSorted(), ['60-deploy', '70-health'])
  const begun = rig.journal().flatMap(entry => (entry.type === 'step' && entry.state === 'started' ? [entry.step] : []))
  assert.deepEqual(begun, ['10-preflight', '20-build', '40-plan', '60-deploy'])

  process.kill(running.pid, 'SIGKILL')
  await running.ended
  await rig.until('what waited has ended', () => loaded().every(step => step === '60-deploy'))
  await rig.until('the step that worked has ended', () => loaded().length === 0)
  assert.equal((await rig.step('10-preflight')).code, 0)
})

test('steps whose turn does not come end with the run, and leave no word in the journal', async context => {
  const rig = await makeRig(context, {servers: {broken: {fixture: 'exits-at-once'}}})
  const ended = await rig.startStaging().ended
  assert.equal(ended.code, 1, ended.said)
  assert.deepEqual(rig.processes(), [])
  const told = rig.journal().flatMap(entry => (entry.type === 'step' ? [entry.step] : []))
  assert.deepEqual([...new Set(told)], ['10-preflight', '20-build', '40-plan', '60-deploy', '99-cleanup', '95-report'])
})
