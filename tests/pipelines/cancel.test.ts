// Ctrl-C in every step: the run ends with 130, after the clean-up and the report, and nothing of it stays.
import assert from 'node:assert/strict'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {entriesOf, stepEnds} from '../../scripts/lib/journal/facts.ts'
import {healthy, makeRig, type Rig} from '../rig.ts'
import {inTheMiddleMs, windowOf, windows} from './windows.ts'

describe('Ctrl-C', {concurrency: 3}, () => {
  for (const [step, options] of windows) {
    test(`B8 X1 Ctrl-C in ${step}: 130, cleaned up, reported, nothing left`, async context => {
      const rig = await makeRig(context, options)
      const running = rig.startStaging()
      await rig.begun(step)
      await pause(inTheMiddleMs(step))
      running.interrupt()
      const ended = await running.ended
      assert.equal(ended.code, 130, ended.said)
      assertCancelled(rig, step)
      assert.doesNotMatch(ended.said, /^ +at /m, 'no stack')
    })
  }

  test('B8 Ctrl-C while a step only begins to run: cancelled, not killed', async context => {
    const rig = await makeRig(context)
    const running = rig.startStaging()
    await rig.stepProcess('40-plan')
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.match(ended.stdout, /cancelled by SIGINT/)
    assert.doesNotMatch(ended.said, /was killed/)
  })

  test('B8 X1 SIGTERM ends a run as Ctrl-C does, and further signals do not break its clean-up', async context => {
    const rig = await makeRig(context, {
      ...windowOf('70-health'),
      servers: {stubborn: {...healthy, fixture: 'ignores-sigterm'}},
    })
    const running = rig.startStaging()
    await rig.begun('70-health')
    await pause(inTheMiddleMs('70-health'))
    process.kill(running.pid, 'SIGTERM')
    await rig.begun('99-cleanup')
    running.interrupt()
    await pause(50)
    running.interrupt()
    process.kill(running.pid, 'SIGTERM')
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.equal(stepEnds(rig.journal()).get('99-cleanup')?.verdict, 'pass')
    assert.equal(rig.verdict('rehearsal/live-unchanged'), 'pass')
  })

  test('B8 Ctrl-C in a step that was started by hand: 130, said, journaled', async context => {
    const rig = await makeRig(context, windowOf('20-build'))
    const running = rig.start('scripts/20-build.ts', ['--fleet', rig.fleetPath])
    await rig.until('the build command', () => rig.processes().some(({argv}) => argv.startsWith('sleep')))
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.match(ended.stderr, /cancelled by SIGINT/)
    assert.equal(stepEnds(rig.journal()).get('20-build')?.cancelled, true)
  })
})

function assertCancelled(rig: Rig, step: string): void {
  const ends = stepEnds(rig.journal())
  const planned = entriesOf(rig.journal(), 'run')[0]?.steps ?? []
  assert.equal(ends.get('99-cleanup')?.verdict, 'pass')
  assert.equal(ends.get('95-report')?.verdict, 'pass')
  assert.match(rig.report('report.md'), /NOT READY/)
  const failed = rig.checks().filter(({verdict}) => verdict === 'fail' || verdict === 'error')
  assert.deepEqual(failed, [], 'what was cancelled is no judgement about a server')
  // A short step may be over before the signal comes; then the one after it is cancelled.
  const cancelled = planned.filter(name => ends.get(name)?.cancelled === true)
  const expected = [step, planned[planned.indexOf(step) + 1]]
  const begun = planned.filter(name => ends.has(name) && name !== '99-cleanup' && name !== '95-report')
  // It may come while a step that has said its last word is ending; then nothing else was begun.
  if (cancelled.length === 0) {
    assert.ok(expected.includes(begun.at(-1)), `${begun} were begun`)
    return
  }
  assert.equal(cancelled.length, 1)
  assert.ok(expected.includes(cancelled[0]), `${cancelled[0]} was cancelled instead of ${step}`)
  assert.equal(ends.get(cancelled[0] ?? '')?.exitCode, 130)
  const next = planned[planned.indexOf(cancelled[0] ?? '') + 1] ?? ''
  assert.equal(ends.has(next), next === '99-cleanup', `${next} was begun after the run was cancelled`)
}
