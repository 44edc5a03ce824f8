// A run in a terminal, and one whose reader is gone: it ends in bounded time, cleans up, and leaves nothing.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {stepEnds} from '../../scripts/lib/journal/facts.ts'
import {makeRig, type Rig} from '../rig.ts'
import {noTerminal, openTerminal, type Terminal} from '../terminal.ts'
import {windowOf} from './windows.ts'

describe('a run in a terminal', {concurrency: 3}, () => {
  test('B8 X14 Ctrl-C pressed twice: it says what the third does, and ends', {skip: noTerminal}, async context => {
    const {rig, terminal} = await building(context)
    terminal.press()
    // It is halted, since a clean-up on a quiet machine is over before anybody presses again.
    const cleaning = () => rig.processes().find(({argv}) => argv.includes('scripts/99-cleanup.ts'))
    await rig.until('the clean-up', () => cleaning() !== undefined)
    const {pid = 0} = cleaning() ?? {}
    process.kill(pid, 'SIGSTOP')
    await pause(320)
    terminal.press()
    const shown = () => terminal.shown().replaceAll(/\s+/g, ' ')
    await rig.until('the notice', () => shown().includes('cleaning up; press Ctrl-C again to leave it as it is'))
    process.kill(pid, 'SIGCONT')
    assert.equal(await terminal.ended, 130, terminal.shown())
    assert.match(shown(), /cancelled, so it is being ended|cancelled by SIGINT/)
    assertCleanedUp(rig)
  })

  test('X14 a terminal that is closed ends its run as Ctrl-C does', {skip: noTerminal}, async context => {
    const {rig, terminal} = await building(context)
    terminal.close()
    await rig.until('the report is written', () => stepEnds(rig.journal()).get('95-report')?.state === 'finished')
    await rig.until('nothing of it runs', () => rig.processes().length === 0)
    assertCleanedUp(rig)
    assert.match(stepEnds(rig.journal()).get('20-build')?.detail ?? '', /cancelled by SIGINT/)
  })

  test('X14 a run whose reader is gone goes on, and can be cancelled', async context => {
    const rig = await makeRig(context, windowOf('20-build'))
    const running = rig.startStaging()
    running.unread()
    await rig.until('the build command', () => rig.processes().some(({argv}) => argv.startsWith('sleep')))
    running.interrupt()
    assert.equal((await running.ended).code, 130)
    assertCleanedUp(rig)
  })
})

test('X14 a run whose output meets a full disk goes on to its end', {
  skip: existsSync('/dev/full') ? false : 'there is no /dev/full',
}, async context => {
  const rig = await makeRig(context, {text: 'fleet: [\n'})
  const full = openSync('/dev/full', 'w')
  context.after(() => closeSync(full))
  const argv = [join(rig.project, 'pipelines', 'run.ts'), 'staging', '--env', 'staging', '--fleet', rig.fleetPath]
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', full, 'ignore'],
    env: rig.environment(),
    cwd: rig.folder,
  })
  const [code] = await once(child, 'exit')
  assert.equal(code, 2)
  assert.equal(stepEnds(rig.journal()).get('95-report')?.verdict, 'pass')
})

test('X14 Ctrl-C pressed again reaches a run that pnpm started: nothing stands between the two', () => {
  const {scripts} = JSON.parse(readFileSync('package.json', 'utf8')) as {scripts: Record<string, string>}
  const behindShell = Object.entries(scripts).filter(([, line]) => /^node\b/.test(line))
  // At the second Ctrl-C pnpm ends what it started: a shell would end alone, and the run go on without a terminal.
  assert.deepEqual(behindShell, [])
})

async function building(context: TestContext): Promise<{rig: Rig; terminal: Terminal}> {
  const rig = await makeRig(context, windowOf('20-build'))
  const words = ['staging', '--env', 'staging', '--fleet', rig.fleetPath]
  const terminal = openTerminal(context, [process.execPath, join(rig.project, 'pipelines', 'run.ts'), ...words], {
    env: rig.environment(),
    cwd: rig.folder,
  })
  await rig.until('the build command', () => rig.processes().some(({argv}) => argv.startsWith('sleep')))
  return {rig, terminal}
}

function assertCleanedUp(rig: Rig): void {
  const ends = stepEnds(rig.journal())
  assert.equal(ends.get('20-build')?.cancelled, true)
  assert.equal(ends.get('99-cleanup')?.verdict, 'pass')
  assert.equal(ends.get('95-report')?.verdict, 'pass')
}
