import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {pressedAgain} from '../../pipelines/pressedAgain.ts'
import {readFlags} from '../../scripts/lib/cli/flags.ts'
import {stepEnds} from '../../scripts/lib/journal/facts.ts'
import {openJournal} from '../../scripts/lib/journal/journal.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'

const flags = readFlags(['--env', 'production', '--fleet', '../mine/fleet.yaml'], {})

function pressed(context: TestContext, changesLive: boolean) {
  const run = `run-${process.pid}-${Math.random()}`
  const journal = join(temporaryFolder(context), 'journal.jsonl')
  openJournal(journal, value => value, '90-rollback').record({type: 'step', step: '90-rollback', state: 'started'})
  const said: (string | number)[] = []
  const again = pressedAgain({
    run,
    journal,
    flags,
    read: () => readJournal(journal),
    queue: {abandon: () => said.push('abandoned')},
    changesLive: () => changesLive,
    notice: line => said.push(line),
    exit: code => said.push(code),
  })
  return {run, journal, said, again}
}

test('X14 the second Ctrl-C says what is done, what the third does, and the command after it', context => {
  const changing = pressed(context, true)
  changing.again.second()
  const resume = 'pnpm resume --env production --fleet ../mine/fleet.yaml'
  assert.deepEqual(changing.said, [`rolling back; press Ctrl-C again to leave it as it is, then: ${resume}`])
  const rehearsing = pressed(context, false)
  rehearsing.again.second()
  assert.match(String(rehearsing.said[0]), /^cleaning up; .* pnpm cleanup --env production --fleet .* --run run-/)
})

test('X14 the third Ctrl-C ends every process of the run at once, and writes that down', async context => {
  const {run, journal, said, again} = pressed(context, true)
  const child = spawn('sleep', ['60'], {env: {...process.env, SEAWORTHY_RUN: run}, stdio: 'ignore'})
  const other = spawn('sleep', ['60'], {env: {...process.env, SEAWORTHY_RUN: 'another'}, stdio: 'ignore'})
  context.after(() => other.kill('SIGKILL'))
  await Promise.all([once(child, 'spawn'), once(other, 'spawn')])
  const ended = once(child, 'exit')
  again.third()
  assert.deepEqual(said, ['abandoned', 130])
  if (process.platform === 'linux') assert.deepEqual(await ended, [null, 'SIGKILL'])
  else child.kill('SIGKILL')
  assert.equal(other.exitCode ?? other.signalCode, null)
  const end = stepEnds(readJournal(journal)).get('90-rollback')
  assert.deepEqual([end?.cancelled, end?.exitCode, end?.detail], [true, 130, 'ended at once by a third Ctrl-C'])
})
