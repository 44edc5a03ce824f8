// The status file: counts are gathered before they are written, routes are told at once.
import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {setImmediate as turn} from 'node:timers/promises'
import {type IngressStatus, makeStatusFile} from '../../ingress/status.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'

test('what was only touched waits for its time, what is to be written is there without', async t => {
  const path = join(temporaryFolder(t), 'status.json')
  // Time stands still: nothing that waits for it happens.
  t.mock.timers.enable({apis: ['setTimeout']})
  const status: IngressStatus = {version: 1, pid: 1, code: '', startedAt: '', release: 'r', servers: {}}
  const file = makeStatusFile(
    path,
    () => status,
    error => assert.fail(error),
  )
  file.touch()
  file.mention()
  for (let turns = 0; turns < 200; turns += 1) await turn()
  assert.equal(existsSync(path), false)
  status.version = 2
  void file.write()
  const deadlineAt = performance.now() + 5000
  while (!existsSync(path) && performance.now() < deadlineAt) await turn()
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).version, 2)
  await file.close()
})
