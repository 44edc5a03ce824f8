// Proves that a child of a build ends at its deadline or when cancelled, with all that it started, and that npm's errors are told.
import {strict as assert} from 'node:assert'
import {existsSync, readFileSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {type Outcome, runCommand} from '../../../scripts/lib/release/npm.ts'
import {npmError} from '../../../scripts/lib/release/npmError.ts'
import {packageSpec} from '../../../scripts/lib/release/packageSpec.ts'
import {stopOnFailure} from '../../../scripts/lib/release/stopOnFailure.ts'
import {temporaryFolder} from './testFleet.ts'

const never = new AbortController().signal

// A shell that starts a grandchild, writes its pid, and waits for it.
function forever(folder: string, deadlineMs: number) {
  const argv = ['sh', '-c', 'sleep 60 & echo $! > pid.new && mv pid.new pid && wait']
  return {why: 'wait', argv, folder, environment: {PATH: process.env.PATH}, deadlineMs}
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !holds(); await pause(10)) {
    assert.ok(Date.now() < deadline, `waited 5 s until ${what}`)
  }
}

function grandchildIsGone(folder: string): boolean {
  return processStart(Number(readFileSync(join(folder, 'pid'), 'utf8'))) === undefined
}

test('C12 a command that passes its deadline is ended with what it started', {timeout: 10_000}, async t => {
  const folder = temporaryFolder(t)
  assert.equal((await runCommand(forever(folder, 300), never)).ended, 'deadline')
  await until('the grandchild is gone', () => grandchildIsGone(folder))
})

test('C12 a cancelled command throws the reason and is ended with what it started', {timeout: 10_000}, async t => {
  const folder = temporaryFolder(t)
  const control = new AbortController()
  const running = runCommand(forever(folder, 60_000), control.signal)
  await until('the grandchild is there', () => existsSync(join(folder, 'pid')))
  const reason = new Error('cancelled by the test')
  control.abort(reason)
  await assert.rejects(running, thrown => thrown === reason)
  await until('the grandchild is gone', () => grandchildIsGone(folder))
})

test('C12 a command that cannot be started is an outcome with the reason', async t => {
  const command = {why: '', argv: ['no-such-program'], folder: temporaryFolder(t), environment: {}, deadlineMs: 1000}
  const {exitCode, stderr} = await runCommand(command, never)
  assert.equal(exitCode, undefined)
  assert.match(stderr, /ENOENT/)
})

test('C12 a command sees only the environment that it is given', async t => {
  const argv = [process.execPath, '--eval', 'console.log(JSON.stringify(process.env))']
  const command = {why: '', argv, folder: temporaryFolder(t), environment: {ONE: '1'}, deadlineMs: 10_000}
  assert.deepEqual(JSON.parse((await runCommand(command, never)).stdout), {ONE: '1'})
})

test('C12 the first failure stops the others, and is thrown when they have ended', async () => {
  const ended: string[] = []
  const failure = new Error('first')
  const waiting = new Array<string>(Math.max(2, availableParallelism()) - 1).fill('waits')
  const working = stopOnFailure(['fails', ...waiting, 'never begins'], never, async (item, signal) => {
    // Not before the others have begun.
    if (item === 'fails') await pause(5)
    if (item === 'fails') throw failure
    await pause(5000, undefined, {signal}).catch(() => {})
    ended.push(`${item} until stopped: ${signal.aborted}`)
  })
  await assert.rejects(working, thrown => thrown === failure)
  assert.deepEqual(
    ended,
    waiting.map(() => 'waits until stopped: true'),
  )
  assert.deepEqual(await stopOnFailure([3, 1, 2], never, item => pause(item, item * 2)), [6, 2, 4])
})

test('C11 what npm says becomes a sentence with place and package, and the next thing to do', () => {
  const spec = packageSpec('a@1.0.0', 'servers.a.source.npm')
  const failed = (code: string, summary: string): Outcome => {
    const stdout = `something before\n${JSON.stringify({error: {code, summary}}, null, 2)}\n`
    return {ended: 'exit', exitCode: 1, stdout, stderr: ''}
  }
  const said = (outcome: Outcome, lock?: string) => npmError({spec, outcome, lock, deadlineMs: 1000}).message
  const lock = JSON.stringify({
    lockfileVersion: 3,
    packages: {'node_modules/a/node_modules/@b/c': {version: '2.0.0', integrity: 'sha512-x='}},
  })
  const changed = 'integrity failed: wanted sha512-x= but got sha512-y=. (9 bytes)'
  const before = 'servers.a.source.npm: a@1.0.0: '
  assert.equal(
    said(failed('EINTEGRITY', changed), lock),
    `${before}@b/c@2.0.0 is not what was locked: it should have sha512-x=, the registry gave sha512-y=`,
  )
  assert.equal(said(failed('ENOSPC', 'no space left')), `${before}the disk is full, npm says: no space left`)
  assert.equal(said({...failed('', ''), ended: 'deadline'}), `${before}npm should end within 1 s, the deadline passed`)
  assert.equal(
    said({ended: 'exit', exitCode: 7, stdout: 'no JSON', stderr: 'broken\n'}),
    `${before}npm ended with exit code 7: broken`,
  )
})
