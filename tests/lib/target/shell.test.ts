// Commands are announced before they change anything, told when they ended, bounded, cancelled, and never show a secret.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {explain} from '../../../scripts/lib/errors/explain.ts'
import type {CommandEntry, EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {redactor} from '../../../scripts/lib/journal/redactor.ts'
import type {Command} from '../../../scripts/lib/target/command.ts'
import {createShell} from '../../../scripts/lib/target/shell.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const secret = 'correct horse battery'

function shellOf(signal = new AbortController().signal) {
  const recorded: CommandEntry[] = []
  const record = (entry: EntryBody) => {
    if (entry.type === 'command') recorded.push(entry)
  }
  const secrets = {API_KEY: secret}
  return {recorded, shell: createShell({record, signal, secrets, redact: redactor(secrets)})}
}

const command = (script: string, more: Partial<Command> = {}): Command => ({
  argv: ['sh', '-c', script],
  why: 'try it',
  readOnly: false,
  deadlineMs: 10_000,
  ...more,
})
const states = (recorded: CommandEntry[]) => recorded.map(({state, exitCode}) => [state, exitCode])

test('a change is announced before it runs, and its end is told with the same id', async t => {
  const path = join(temporaryFolder(t), 'there')
  const {recorded, shell} = shellOf()
  const run = shell.run(command(`sleep 0.3; touch '${path}'; echo done`))
  assert.deepEqual(states(recorded), [['started', undefined]])
  assert.equal(existsSync(path), false)
  assert.equal(await run, 'done\n')
  assert.equal(existsSync(path), true)
  assert.deepEqual(states(recorded), [
    ['started', undefined],
    ['finished', 0],
  ])
  assert.equal(recorded[0]?.id, recorded[1]?.id)
})

test('X14 what ends something that was begun runs also when the run was cancelled or its lease lost, and nothing else does', async () => {
  const cancelled = AbortSignal.abort()
  const lost = () => {
    throw new Error('another run has it')
  }
  for (const more of [{signal: cancelled}, {signal: new AbortController().signal, beforeChange: lost}]) {
    const shell = createShell({record: () => undefined, secrets: {}, ...more})
    await assert.rejects(shell.run(command('echo ran')))
    assert.equal(await shell.run(command('echo ran', {always: true})), 'ran\n')
  }
})

test('X14 a change whose lease is lost while it is written down is not begun, and its end says why', async t => {
  const path = join(temporaryFolder(t), 'there')
  const recorded: CommandEntry[] = []
  const shell = createShell({
    record: entry => entry.type === 'command' && recorded.push(entry),
    signal: new AbortController().signal,
    secrets: {},
    beforeChange: () => {
      if (recorded.length > 0) throw new Error('another run has it')
    },
  })
  await assert.rejects(shell.run(command(`touch '${path}'`)), /another run has it/)
  assert.equal(existsSync(path), false)
  assert.deepEqual(states(recorded), [
    ['started', undefined],
    ['finished', -1],
  ])
  assert.match(recorded[1]?.output ?? '', /another run has it/)
})

test('looking is not written down, unless it fails', async () => {
  const {recorded, shell} = shellOf()
  assert.equal(await shell.run(command('echo seen', {readOnly: true})), 'seen\n')
  assert.deepEqual(recorded, [])
  await assert.rejects(shell.run(command('exit 4', {readOnly: true})))
  assert.deepEqual(states(recorded), [['finished', 4]])
})

test('a command that fails says what was wanted, its words, its exit code and its last output', async () => {
  const {recorded, shell} = shellOf()
  const error = await shell.run(command('echo out; echo err >&2; exit 3')).catch((thrown: unknown) => thrown)
  const [said, remedy] = explain(error).split('\n→ ')
  assert.equal(said, 'try it: sh -c echo out; echo err >&2; exit 3 ended with exit code 3\nout\nerr')
  assert.match(remedy ?? '', /^fix what it says/)
  assert.deepEqual([recorded[1]?.exitCode, recorded[1]?.output], [3, 'out\nerr\n'])
})

test('a program that is not there is told, and its end is written down', async () => {
  const {recorded, shell} = shellOf()
  await assert.rejects(shell.run(command('', {argv: ['no-such-program']})))
  assert.deepEqual(
    recorded.map(({state}) => state),
    ['started', 'finished'],
  )
  const background = command('', {
    argv: ['no-such-program'],
    background: {folder: '/', environment: {PATH: '/usr/bin:/bin'}, secrets: []},
  })
  await assert.rejects(shell.run(background), /ENOENT/)
  assert.equal(recorded.at(-1)?.state, 'finished')
})

test('a deadline that passes is called one, ends the command with its children, and is written down', async t => {
  const path = join(temporaryFolder(t), 'late')
  const {recorded, shell} = shellOf()
  const run = shell.run(command(`(sleep 0.6; touch '${path}') & wait`, {deadlineMs: 100}))
  const error = await run.catch((thrown: unknown) => thrown)
  assert.equal(explain(error), 'try it: the deadline of 100 ms passed before sh ended')
  assert.deepEqual(states(recorded), [
    ['started', undefined],
    ['finished', -1],
  ])
  await new Promise(resolve => setTimeout(resolve, 900))
  assert.equal(existsSync(path), false, 'a child went on')
})

test('a cancelled step ends what runs, and begins nothing more', async () => {
  const controller = new AbortController()
  const {recorded, shell} = shellOf(controller.signal)
  const run = shell.run(command('sleep 30'))
  setTimeout(() => controller.abort(new Error('cancelled by SIGINT')), 50)
  await assert.rejects(run, /cancelled by SIGINT/)
  assert.equal(recorded.at(-1)?.state, 'finished')
  await assert.rejects(shell.run(command('echo no')), /cancelled by SIGINT/)
  assert.equal(recorded.length, 2)
})

test('no shell reads the words', async () => {
  const {shell} = shellOf()
  const words = ['$HOME', '`id`', 'a b', '"', "'", '*', ';', '{state}', '']
  const printed = await shell.run(command('', {argv: ['printf', '%s\\n', ...words]}))
  assert.deepEqual(printed.split('\n').slice(0, -1), words)
})

test('a secret is taken out of what was printed before it is cut, so that not even its end is left', async () => {
  const {recorded, shell} = shellOf()
  // The cut falls into the middle of the secret.
  const after = 'x'.repeat(1990)
  const error = await shell
    .run(
      command('printf "%s%s" "$(echo "$0")" "$1"; exit 1', {
        argv: ['sh', '-c', 'printf "%s%s" "$0" "$1"; exit 1', secret, after],
      }),
    )
    .catch((thrown: unknown) => thrown)
  assert.equal(recorded[1]?.output?.includes('battery'), false)
  assert.ok(recorded[1]?.output?.endsWith(after))
  assert.equal(/battery/.test((error as Error).message.split('\n')[1] ?? ''), false)
})
