// A port that somebody takes between the look at it and the start of the first ingress.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:net'
import {test} from 'node:test'
import {editionA, makeLiveRig} from './liveRig.ts'

test('an ingress that cannot start: the deploy ends with its last log lines, and what it began can be undone', async t => {
  const rig = await makeLiveRig(t)
  const run = await rig.plan(editionA)
  const other = createServer().listen(rig.port, '127.0.0.1')
  await once(other, 'listening')
  const gone = once(other, 'close')
  rig.before(() => void other.close())

  const ended = await rig.step('60-deploy', ['--run', run, '--apply', '--override', 'it is only a test'])
  assert.notEqual(ended.code, 0, ended.said)
  assert.match(ended.said, new RegExp(`port ${rig.port} of 127\\.0\\.0\\.1 is in use by another process`))
  assert.equal(rig.pointer(), undefined)
  other.close()
  await gone
  const undone = await rig.resume()
  assert.equal(undone.code, 0, undone.said)
  await rig.good('99-cleanup', ['--run', run])
  assert.deepEqual(rig.processes(), [])
})
