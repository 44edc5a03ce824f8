// Proves on real processes how a measured program ends: by exit, at its deadline, or with the bench; its group never remains.
import assert from 'node:assert/strict'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {type RunChild, runChild} from '../../../bench/child/runChild.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'

const never = new AbortController().signal

function options(test: TestContext, argv: RunChild['argv']): RunChild {
  const folder = mkdtempSync(join(tmpdir(), 'run-child-'))
  test.after(() => rmSync(folder, {recursive: true, force: true}))
  return {
    argv,
    folder,
    environment: {PATH: '/usr/bin:/bin', SEEN: 'yes'},
    what: 'the program',
    deadlineMs: 20_000,
    signal: never,
    graceMs: 200,
  }
}

/** Starts a grandchild that ignores SIGINT, as what a shell starts in the background does, writes its pid into a file, and waits for it. */
const withGrandchild = 'sleep 60 & echo $! >pid.new && mv pid.new pid; wait'

async function pidIn(folder: string): Promise<number> {
  const deadlineAt = performance.now() + 10_000
  while (!existsSync(join(folder, 'pid'))) {
    assert.ok(performance.now() < deadlineAt, 'the program should have started within 10 s')
    await pause(20)
  }
  return Number(readFileSync(join(folder, 'pid'), 'utf8'))
}

test('its exit code, its output and its own environment', async test => {
  const ended = await runChild(options(test, ['sh', '-c', 'echo "out $SEEN $HOME"; echo err >&2; exit 3']))
  assert.equal(ended.exitCode, 3)
  assert.match(ended.output, /^out yes $/m)
  assert.match(ended.output, /^err$/m)
  assert.ok(Math.abs(Date.now() - ended.ms - ended.startedAtMs) < 1000, 'start and length agree with the clock')
})

test('a passed deadline is called one, and the group ends', async test => {
  const given = {...options(test, ['sh', '-c', `echo begun; ${withGrandchild}`]), deadlineMs: 1500}
  await assert.rejects(runChild(given), /the program: the deadline of 1500 ms passed; it said last:\nbegun/)
  assert.equal(processStart(await pidIn(given.folder)), undefined)
})

test('a cancelled bench ends the group', async test => {
  const controller = new AbortController()
  const given = {...options(test, ['sh', '-c', withGrandchild]), signal: controller.signal}
  const ended = assert.rejects(runChild(given), /cancelled by a test/)
  const pid = await pidIn(given.folder)
  controller.abort(new Error('cancelled by a test'))
  await ended
  assert.equal(processStart(pid), undefined)
})

test('a program that is not there', async test => {
  await assert.rejects(
    runChild(options(test, ['no-such-program'])),
    /the program: could not be run: .*no-such-program/s,
  )
})
