import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'
import {
  completeCommands,
  deployCommand,
  givenAt,
  nextCommand,
  runAgainCommand,
} from '../../../scripts/lib/cli/nextCommand.ts'

const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as {scripts: Record<string, string>}).scripts
const sample = {environment: 'staging', fleetPath: 'fleet.yaml'}
const mine = {environment: 'production', fleetPath: '../mine/fleet.yaml'}
const flags = '--env production --fleet ../mine/fleet.yaml'

test('A next command names the environment and the fleet file that were given, and not what is taken anyway', () => {
  assert.equal(nextCommand('status', sample), 'pnpm status')
  assert.equal(nextCommand('resume', mine), `pnpm resume ${flags}`)
  assert.equal(nextCommand('logs', mine, 'memory'), `pnpm logs ${flags} memory`)
  assert.equal(
    nextCommand('status', {environment: 'staging', fleetPath: "it's mine.yaml"}),
    `pnpm status --fleet 'it'\\''s mine.yaml'`,
  )
})

test('Where variables name what is taken without flags, a command names both', () => {
  const given = givenAt(['--env', 'staging'], {SEAWORTHY_ENV: 'production'})
  assert.equal(nextCommand('rollback', given), 'pnpm rollback --env staging --fleet fleet.yaml')
  assert.deepEqual(givenAt(['--fleet=a.yaml', '--env'], {}), {environment: 'staging', fleetPath: 'a.yaml'})
})

test('An environment without a command of its own is rehearsed and deployed by commands that exist', () => {
  const qa = {environment: 'qa', fleetPath: 'fleet.yaml'}
  assert.equal(runAgainCommand(qa), 'pnpm deploy:staging --env qa')
  assert.equal(deployCommand(qa), 'pnpm deploy:production --env qa')
  assert.equal(runAgainCommand(mine), 'pnpm deploy:production --fleet ../mine/fleet.yaml')
  assert.equal(runAgainCommand(sample), 'pnpm deploy:staging')
  for (const command of [runAgainCommand(qa), deployCommand(qa), runAgainCommand(mine), runAgainCommand(sample)])
    assert.ok(scripts[command.split(' ')[1] ?? ''] !== undefined, command)
})

test('Every command in a text is completed, once, and what says for itself what it acts on stays', () => {
  const complete = (text: string) => completeCommands(text, mine)
  assert.equal(complete('→ pnpm fleet:lock'), `→ pnpm fleet:lock ${flags}`)
  assert.equal(
    complete('pnpm backup:verify FILE says which are whole'),
    `pnpm backup:verify ${flags} FILE says which are whole`,
  )
  assert.equal(
    complete('take a fixed version: pnpm fleet:lock, then pnpm deploy:staging'),
    `take a fixed version: pnpm fleet:lock ${flags}, then pnpm deploy:staging --fleet ../mine/fleet.yaml`,
  )
  assert.equal(complete('read `pnpm logs` of it'), `read \`pnpm logs ${flags}\` of it`)
  assert.equal(complete(complete('pnpm resume\npnpm status')), `pnpm resume ${flags}\npnpm status ${flags}`)
  assert.equal(complete('pnpm status --env qa'), 'pnpm status --fleet ../mine/fleet.yaml --env qa')
  assert.equal(complete('pnpm install; pnpm test'), 'pnpm install; pnpm test')
  assert.equal(completeCommands('pnpm stop and pnpm resume', sample), 'pnpm stop and pnpm resume')
})

test('A fault of a command names the next command for the fleet and environment that it was given', () => {
  const given = ['--fleet', 'tests/fixtures/none/fleet.yaml', '--env', 'production']
  const environment = {...process.env, SEAWORTHY_ENV: undefined, SEAWORTHY_FLEET: undefined, PATH: process.env.PATH}
  const run = spawnSync(process.execPath, ['scripts/95-report.ts', ...given], {encoding: 'utf8', env: environment})
  assert.match(run.stderr, /pnpm deploy:staging --fleet tests\/fixtures\/none\/fleet\.yaml/)
})
