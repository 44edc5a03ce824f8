// The local target is pure: commands and files are plain data, and statuses are read from plain text.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../scripts/lib/errors/userError.ts'
import {targetNames, targetOf} from '../../scripts/targets/index.ts'
import {local} from '../../scripts/targets/local.ts'
import {instanceIn} from './localInstance.ts'

const root = '/srv/harbour'
const instance = instanceIn(root, ['{runtime}', '{server}/main.mjs', '--port', '{port}', '{"a":{}}'], {
  env: {DATA: '{state}/data', PLAIN: 'x'},
  secrets: {API_KEY: {}, EXTRA: {required: false}},
  limits: {openFiles: 100, stopSeconds: 1.5, memoryMegabytes: 300.2, logMegabytes: 20, logFiles: 1},
})
const live = join(root, 'instances/live')
const copy = join(live, 'copies/one.a')

test('a server is started by its supervisor, with nothing of the environment but what it declares', () => {
  assert.deepEqual(local.startServer(instance, 'one'), {
    why: 'start one',
    argv: [
      'sh',
      join(live, 'supervise.sh'),
      copy,
      '100',
      '301',
      '2',
      '20',
      '1',
      '',
      '',
      '',
      '',
      join(root, 'release/runtime/node'),
      join(root, 'release/servers/one/main.mjs'),
      '--port',
      '9001',
      '{"a":{}}',
    ],
    readOnly: false,
    deadlineMs: 10_000,
    background: {
      folder: copy,
      environment: {
        PATH: `${join(root, 'release/runtime')}:/usr/local/bin:/usr/bin:/bin`,
        HOME: join(copy, 'home'),
        TMPDIR: join(copy, 'tmp'),
        DATA: join(live, 'state/one/data'),
        PLAIN: 'x',
      },
      secrets: ['API_KEY', 'EXTRA'],
      optionalSecrets: ['EXTRA'],
    },
  })
})

test('without a limit of memory none is kept, and the ingress has none', () => {
  const unlimited = local.startServer(instanceIn(root, ['one']), 'one').argv
  assert.deepEqual(unlimited.slice(3), ['4096', '0', '5', '50', '3', '', '', '', '', 'one'])
  assert.deepEqual(local.startIngress(instance).argv.slice(3, 8), ['65536', '0', '2', '50', '3'])
})

test('a server is stopped within its own time, in whole seconds', () => {
  assert.deepEqual(local.stopServer(instance, 'one'), {
    why: 'stop one',
    argv: ['sh', join(live, 'stop.sh'), copy, '2'],
    readOnly: false,
    deadlineMs: 11_500,
  })
})

test('what programs of an instance left behind is ended by their folder', () => {
  assert.deepEqual(local.endRemains?.(instance).argv, ['sh', join(live, 'stop.sh'), live, '0'])
})

test('a server is left on standby for whole seconds, with nothing of the environment and no secret', () => {
  assert.deepEqual(local.standBy?.(instance, 'one', 59.5), {
    why: 'leave one on standby',
    argv: ['sh', join(live, 'standby.sh'), copy, '60', '2'],
    readOnly: false,
    deadlineMs: 10_000,
    background: {folder: copy, environment: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: copy}, secrets: []},
  })
})

test('looking and logs change nothing', () => {
  const look = local.inspect.command(instance)
  assert.deepEqual(look.argv, ['sh', join(live, 'inspect.sh'), join(live, 'ingress'), copy])
  assert.equal(look.readOnly, true)
  assert.deepEqual(local.logs(instance, 'one', 7).argv.slice(4), [join(copy, 'log'), '7'])
  assert.deepEqual(local.logs(instance, 'ingress', 7).argv.slice(4), [join(live, 'ingress/log'), '7'])
  assert.equal(local.logs(instance, 'one', 7).readOnly, true)
})

test('statuses are read from what inspect.sh prints', () => {
  const text = [
    'ingress 100 5000 101 5001 0 - 20480 S S -',
    'one.a 110 5010 111 5011 2 137 1024 T S - open',
    'two.b 120 5020 - - 1 0 0 - S 1764424800',
    'three.a - - - - 10 gave-up 0 - - 1764424800',
    'four.a 130 5030 131 5031 1 memory 2048 S T - - 1764424800/2097152/60',
    'five.a - - 141 5041 0 - 1024 R - -',
    // As it was before a supervisor wrote these down.
    'six.a 150 5050 151 5051 0 - 1024',
    '',
  ].join('\n')
  const well = {
    running: true,
    supervised: true,
    frozen: undefined,
    restarts: 0,
    lastExit: undefined,
    nextTryMs: undefined,
    memoryMegabytes: 1,
    logRotated: undefined,
  }
  const ended = {running: false, identity: '-@-', memoryMegabytes: undefined}
  assert.deepEqual(local.inspect.read(text), [
    {...well, name: 'ingress', identity: '101@5001', memoryMegabytes: 20},
    {...well, name: 'one', identity: '111@5011', unisolated: true, frozen: 'program', restarts: 2, lastExit: '137'},
    {...well, ...ended, name: 'two', restarts: 1, lastExit: '0', nextTryMs: 1_764_424_800_000},
    {...well, ...ended, name: 'three', supervised: false, restarts: 10, lastExit: 'gave-up'},
    {
      ...well,
      name: 'four',
      logRotated: {atMs: 1_764_424_800_000, megabytes: 2, seconds: 60},
      identity: '131@5031',
      frozen: 'supervisor',
      restarts: 1,
      lastExit: 'memory',
      memoryMegabytes: 2,
    },
    {...well, name: 'five', identity: '141@5041', supervised: false},
    {...well, name: 'six', identity: '151@5051'},
  ])
})

test('the files are the scripts, which may be run, and the configuration of the ingress, which holds no secret', () => {
  const files = local.files(instance)
  assert.deepEqual(
    files.map(({path, mode}) => [path, mode]),
    [
      [join(live, 'supervise.sh'), 0o700],
      [join(live, 'isolate.sh'), 0o700],
      [join(live, 'stop.sh'), 0o700],
      [join(live, 'standby.sh'), 0o700],
      [join(live, 'inspect.sh'), 0o700],
      [join(live, 'ingress/config.json'), 0o600],
    ],
  )
  const config = JSON.parse(files.at(-1)?.text ?? '') as Record<string, unknown>
  assert.deepEqual(config.listen, {host: '127.0.0.1', port: 8700})
  assert.equal(config.tls, null)
})

test('the folders hold everything that is written to', () => {
  assert.deepEqual(local.folders(instance), [join(live, 'ingress'), join(copy, 'tmp'), join(live, 'state/one')])
})

test('an unknown target is a fault that lists the known ones', () => {
  assert.equal(targetOf('local'), local)
  assert.ok(targetNames.includes('local'))
  assert.throws(
    () => targetOf('locl'),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === 'there is no target locl' &&
      error.remedy === `did you mean "local"? known: ${targetNames.join(', ')}`,
  )
})
