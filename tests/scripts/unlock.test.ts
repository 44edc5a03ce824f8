import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, utimesSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'

test('X14 pnpm unlock shows the holder, refuses while it lives, and frees the lock of a dead one', context => {
  const fleet = `fleet: mine
servers: {one: {source: {folder: code}, command: [node, a.mjs]}}
environments: {staging: {target: local, root: root, ingress: {port: 18998}}}
`
  const folder = temporaryFolder(context, {'fleet.yaml': fleet})
  const lock = join(folder, 'root', 'lock.json')
  mkdirSync(join(folder, 'root'), {mode: 0o700})
  const hold = (pid: number, pidStart: string | undefined, leaseSeconds = 60) => {
    const holder = {
      run: 'run-1',
      purpose: 'deploy',
      user: 'ops',
      host: hostname(),
      pid,
      pidStart,
      token: 1,
      leaseSeconds,
    }
    writeFileSync(lock, JSON.stringify({...holder, since: new Date().toISOString()}), {mode: 0o600})
  }
  const unlock = () => {
    const argv = ['scripts/13-unlock.ts', '--fleet', join(folder, 'fleet.yaml')]
    const {status, stdout, stderr} = spawnSync(process.execPath, argv, {encoding: 'utf8'})
    return {code: status, said: `${stdout}${stderr}`}
  }
  assert.match(unlock().said, /nothing holds the lock of staging/)

  hold(process.pid, processStart(process.pid))
  const refused = unlock()
  assert.equal(refused.code, 2, refused.said)
  assert.match(
    refused.said,
    new RegExp(`run run-1 holds the lock.*ops@.*process ${process.pid}.*since .*last heartbeat`),
  )
  assert.match(refused.said, /is not freed: its run lives\n→ .*pnpm unlock --fleet /)
  assert.ok(existsSync(lock))

  hold(2 ** 22 - 1, 'long ago')
  const freed = unlock()
  assert.equal(freed.code, 0, freed.said)
  assert.match(freed.said, /✓ the lock of staging is free: process \d+ is gone from this host/)
  assert.ok(!existsSync(lock))

  // A run that hangs lives, and gives no sign of life.
  hold(process.pid, processStart(process.pid), 1)
  const beat = join(folder, 'root', 'lock.beat-1')
  writeFileSync(beat, JSON.stringify({beat: 7, at: 1, pid: process.pid, pidStart: processStart(process.pid)}))
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(beat, hourAgo, hourAgo)
  const hung = unlock()
  assert.equal(hung.code, 0, hung.said)
  assert.match(hung.said, /✓ the lock of staging is free: it gave no sign of life for 1 s, as long as its lease lasts/)
  assert.ok(!existsSync(lock))
})
