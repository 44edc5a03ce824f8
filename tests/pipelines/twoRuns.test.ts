// Two runs at once: the second is refused with the name of the holder, the first does not notice.
import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {healthy, makeRig} from '../rig.ts'

// A build that goes on when the test says so holds the first run for as long as the second one takes.
const build = ['sh', '-c', 'cp *.mjs "$OUTPUT"; until [ -e ../../go ]; do sleep 0.1; done']

test('X14 a second run: exit 2, the holder named, the first run unharmed', async context => {
  const rig = await makeRig(context, {servers: {good: {...healthy, source: {folder: 'servers/good', build}}}})
  const first = rig.startStaging()
  await rig.begun('20-build')
  const [holder] = rig.runs()
  const second = await rig.staging()
  assert.equal(second.code, 2, second.said)
  const named = `run ${holder} holds the lock of this environment to .*process ${first.pid}\\b.*\\n→ wait for it to end`
  assert.match(second.stdout, new RegExp(named))
  assert.doesNotMatch(second.said, /^ +at /m)
  const [refused] = rig.runs().filter(run => run !== holder)
  const commands = rig.journal(refused).filter(entry => entry.type === 'command')
  assert.deepEqual(commands, [], 'the second run did nothing')

  writeFileSync(join(rig.folder, 'go'), '')
  const ended = await first.ended
  assert.equal(ended.code, 0, ended.said)
  assert.match(ended.stdout, /✓ READY/)
})
