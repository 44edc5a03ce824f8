// Extra copies that a phase started, when their run is killed: the next run ends them and removes what they had.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {healthy, makeRig} from '../rig.ts'
import {killed} from '../rigProcesses.ts'

test('X14 kill -9 of a run while extra copies are visited and broken: the next run ends them', async context => {
  const rig = await makeRig(context, {servers: {good: healthy}, slow: true})
  const running = rig.startStaging()
  const extra = () => rig.processes().filter(({argv}) => argv.includes('supervise.sh') && argv.includes('/extra/good.'))
  await rig.until('an extra copy runs', () => extra().length > 0, 60_000)
  const [first] = rig.runs()
  const step = await rig.stepProcess('80-verify')
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
