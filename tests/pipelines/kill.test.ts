// kill -9 anywhere: of each step, of the runner, of everything at once. Nothing is lost and nothing stays.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {entriesOf, fact, stepEnds} from '../../scripts/lib/journal/facts.ts'
import {healthy, makeRig} from '../rig.ts'
import {killed} from '../rigProcesses.ts'
import {inTheMiddleMs, windowOf, windows} from './windows.ts'

describe('kill -9', {concurrency: 3}, () => {
  for (const [step, options] of windows) {
    test(`X14 kill -9 of ${step}: the runner notices, cleans up, reports, and ends with 2`, async context => {
      const rig = await makeRig(context, options)
      const running = rig.startStaging()
      const pid = await rig.stepProcess(step)
      if (inTheMiddleMs(step) > 0) await rig.begun(step)
      await pause(inTheMiddleMs(step))
      process.kill(pid, 'SIGKILL')
      const ended = await running.ended
      assert.equal(ended.code, 2, ended.said)
      assert.match(ended.stdout, new RegExp(`! step ${step}: was killed by SIGKILL`))
      const ends = stepEnds(rig.journal())
      assert.deepEqual([ends.get(step)?.verdict, ends.get(step)?.exitCode], ['error', 2])
      assert.equal(ends.get('99-cleanup')?.verdict, 'pass')
      assert.match(rig.report('report.md'), new RegExp(`NOT READY[\\s\\S]*${step}`))
    })
  }

  // A server that does not start makes both runs short; the twin is there all the same.
  for (const step of ['99-cleanup', '95-report']) {
    test(`X14 kill -9 of ${step}: it is done again, so that the twin is gone and the report is there`, async context => {
      const rig = await makeRig(context, {servers: {good: healthy, broken: {fixture: 'exits-at-once'}}})
      const running = rig.startStaging()
      const pid = await rig.stepProcess(step)
      process.kill(pid, 'SIGKILL')
      const ended = await running.ended
      assert.match(ended.stdout, new RegExp(`${step} was killed by SIGKILL; it is done again`))
      assert.equal(ended.code, 1, ended.said)
      const ends = entriesOf(rig.journal(), 'step').filter(entry => entry.step === step && entry.state === 'finished')
      assert.deepEqual(
        ends.map(({verdict}) => verdict),
        ['error', 'pass'],
      )
      assert.equal(rig.verdict('rehearsal/live-unchanged'), 'pass')
      assert.match(rig.report('report.md'), /NOT READY/)
    })
  }

  test('X14 kill -9 of the runner alone: its step ends by itself; the next run takes the lock over and cleans up', async context => {
    const rig = await makeRig(context, {...windowOf('60-deploy'), limits: {startupSeconds: 4}})
    const running = rig.startStaging()
    await rig.until('the twin runs', () => rig.processes().some(({argv}) => argv.includes('never-listens.mjs')))
    process.kill(running.pid, 'SIGKILL')
    await running.ended
    const [first] = rig.runs()
    await rig.until('the step ended', () => rig.processes().every(({argv}) => !argv.includes('scripts/60-deploy.ts')))
    assert.equal(stepEnds(rig.journal(first)).get('60-deploy')?.detail, 'cancelled by the end of its runner')
    assert.ok(rig.processes().length > 0, 'the twin still runs')

    const next = await rig.step('10-preflight')
    assert.equal(next.code, 0, next.said)
    assert.match(next.stdout, new RegExp(`ended what killed runs left behind: rehearsal-${first}`))
    assert.equal(fact<{run: string}>(rig.journal(), 'lock.taken-over')?.run, first)
    assert.deepEqual(rig.processes(), [])
  })

  test('X14 kill -9 of a whole run, runner, step, supervisors and all but one server: the next run ends the rest and succeeds', async context => {
    // An isolated one ends with what it was started by.
    const isolation = {none: 'it is to outlive its supervisor'}
    const rig = await makeRig(context, {servers: {good: {...healthy, isolation}}})
    const running = rig.startStaging()
    await rig.begun('70-health')
    const server = rig.processes().find(({argv}) => argv.includes('healthy.mjs') && !argv.includes('supervise.sh'))
    process.kill(running.pid, 'SIGKILL')
    // Again and again, since a supervisor may start its program again before it is killed itself.
    await rig.until('only one server is left', () => {
      for (const {pid} of rig.processes()) if (pid !== server?.pid) killed(pid)
      return rig.processes().length <= 1
    })
    await running.ended
    const [first] = rig.runs()
    assert.deepEqual(
      rig.processes().map(({pid}) => pid),
      [server?.pid],
    )
    assert.equal(existsSync(join(rig.root, 'lock.json')), true)

    const next = await rig.staging()
    assert.equal(next.code, 0, next.said)
    assert.match(
      next.stdout,
      new RegExp(`preflight/unfinished-runs: ended what killed runs left behind: rehearsal-${first}`),
    )
    assert.match(next.stdout, /READY/)

    // The journal of the run that was killed can still be read and reported.
    const report = await rig.step('95-report', ['--run', first ?? '', '--format', 'terminal'])
    assert.equal(report.code, 0, report.said)
    assert.match(report.stdout, /NOT READY/)
    assert.match(report.stdout, /70-health: began and never ended/)
  })
})
