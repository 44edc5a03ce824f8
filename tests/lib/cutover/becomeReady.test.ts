import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {becomeReady} from '../../../scripts/lib/cutover/becomeReady.ts'
import type {Climb} from '../../../scripts/lib/mcp/ladder.ts'
import type {Instance, InstanceServer} from '../../../scripts/lib/target/instance.ts'
import {createShell} from '../../../scripts/lib/target/shell.ts'
import type {Target} from '../../../scripts/lib/target/target.ts'
import {programStatus} from '../instance/programStatus.ts'

/** What waiting for that program comes to, when it never answers within 1.5 s. */
async function waitFor(t: TestContext, program: ChildProcess, tryMs = 0, rungs: Climb['rungs'] = []) {
  t.after(() => program.kill('SIGKILL'))
  const {signal} = new AbortController()
  const status = programStatus({identity: `${program.pid}@0`})
  const command = {why: 'look', argv: ['true'], readOnly: true, deadlineMs: 5000}
  const target = {inspect: {command: () => command, read: () => [status]}} as unknown as Target
  const server = {name: 'one', settings: {limits: {startupSeconds: 1.5, healthMs: 500}}} as unknown as InstanceServer
  const instance = {name: 'rehearsal-x', servers: [server]} as unknown as Instance
  const shell = createShell({record: () => undefined, signal, secrets: {}})
  const attempt = async () => {
    await pause(tryMs)
    return {holds: false, summary: 'nobody listens', rungs}
  }
  return becomeReady({instance, server, target, shell, signal, attempt})
}

test('A2 a server that waits for something else is late by itself, and one that works may be late for the machine', async t => {
  if (!existsSync('/proc/self/schedstat')) return t.skip('this kernel does not say what processes wait for')
  const idle = await waitFor(t, spawn('sleep', ['30']))
  assert.deepEqual([idle.ready, idle.hampered], [false, false])
  assert.match(idle.detail, /^the deadline of 1\.5 s passed before it answered: nobody listens$/)
  // As of a server that takes a connection and never answers: there is one try, and no look before its end.
  const hanging = await waitFor(t, spawn('sleep', ['30']), 1500)
  assert.equal(hanging.hampered, false)
  const working = await waitFor(t, spawn('sh', ['-c', 'while :; do :; done']))
  assert.deepEqual([working.ready, working.hampered], [false, true])
  const wrong = {name: 'call', ok: false, informative: false, kind: 'tool-error', ms: 1, summary: 'an error'} as const
  const answering = await waitFor(t, spawn('sh', ['-c', 'while :; do :; done']), 0, [wrong])
  assert.equal(answering.hampered, false, 'a wrong answer is no lack of time')
  // As where a bridge starts the server; it ends by itself when its parent was killed.
  const loop = 'while [ -e /proc/$PPID ] && read -r _ _ _ parent _ </proc/self/stat && [ "$parent" != 1 ]; do :; done'
  const behind = await waitFor(t, spawn('sh', ['-c', `sh -c '${loop}' & wait`]))
  assert.equal(behind.hampered, true)
})
