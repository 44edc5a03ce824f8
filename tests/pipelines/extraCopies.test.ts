// Extra copies that a phase started, when their run is killed: the next run ends them and removes what they had.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {healthy, makeRig} from '../rig.ts'
import {killed} from '../rigProcesses.ts'

/** A copy that was told to end before its phase was held has gone by then. */
const endsWithinMs = 1000

test('X14 kill -9 of a run while extra copies are visited and broken: the next run ends them', async context => {
  const rig = await makeRig(context, {servers: {good: healthy}, slow: true})
  const running = rig.startStaging()
  const extra = () => rig.processes().filter(({argv}) => argv.includes('supervise.sh') && argv.includes('/extra/good.'))
  // Copies come and go: one that was seen may have been ended by its phase before the phase was held.
  const holdStep = async (): Promise<number> => {
    await rig.until('an extra copy runs', () => extra().length > 0, 60_000)
    const pid = await rig.stepProcess('80-verify')
    process.kill(pid, 'SIGSTOP')
    await pause(endsWithinMs)
    if (extra().length > 0) return pid
    process.kill(pid, 'SIGCONT')
    return holdStep()
  }
  const step = await holdStep()
  const [first] = rig.runs()
  process.kill(running.pid, 'SIGKILL')
  killed(step)
  await running.ended
  await rig.until('the step is gone', () => rig.processes().every(({argv}) => !argv.includes('scripts/80-verify.ts')))
  assert.ok(extra().length > 0, 'extra copies outlive their run')

  const next = await rig.step('10-preflight')
  assert.equal(next.code, 0, next.said)
  assert.match(next.stdout, new RegExp(`ended what killed runs left behind: rehearsal-${first}`))
  assert.deepEqual(rig.processes(), [])
  assert.equal(existsSync(join(rig.root, 'instances', `rehearsal-${first}`)), false)
  const ended = await rig.step('99-cleanup', ['--run', rig.runs()[0] ?? ''])
  assert.equal(ended.code, 0, ended.said)
})
