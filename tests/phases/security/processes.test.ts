// C11: a server listens where it declares to, and holds no secret that is not its own.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {listeningIn} from '../../../scripts/phases/security/listeningSockets.ts'
import {security} from '../../../scripts/phases/security.ts'
import {startServer} from '../startedServer.ts'
import {findingsOf, looked, notPassed} from './looked.ts'

const secret = 'correct-horse-battery'
const other = 'staple-of-another-server'

test('C11 a server that opens, tells and holds nothing but what it declares passes every check without a finding', async t => {
  const seen = await looked(t, {
    environment: {TOKEN: secret, LANGUAGE: 'en'},
    secrets: {TOKEN: secret, OTHER: other},
    own: ['TOKEN'],
    settings: {health: '/health', probe: {tool: 'add', arguments: {a: 1, b: 2}}},
  })
  assert.deepEqual(notPassed(seen), [])
  assert.deepEqual(findingsOf(seen), [])
  assert.equal(Object.keys(seen.checks).length, 8)
  assert.match(seen.checks.listens?.detail ?? '', /^1 processes listen on 127\.0\.0\.1:\d+ and nothing else$/)
})

for (const [name, program, detail] of [
  [
    'a second socket',
    "import {createServer} from 'node:net'\ncreateServer().listen(0, '127.0.0.1', () => serve())",
    /listens on more than it declares: 127\.0\.0\.1:\d+ beside 127\.0\.0\.1:\d+/,
  ],
  [
    'a socket on all interfaces',
    "import {createServer} from 'node:net'\ncreateServer().listen(0, '0.0.0.0', () => serve())",
    /listens beyond this machine: 0\.0\.0\.0:\d+; declared is/,
  ],
  [
    'a socket of a child that left the group',
    `import {spawn} from 'node:child_process'
const child = spawn(process.execPath, ['-e', "require('net').createServer().listen(0, '127.0.0.1', () => console.log('child'))"], {stdio: ['ignore', 'pipe', 'inherit']})
child.stdout.once('data', () => serve())`,
    /listens on more than it declares/,
  ],
] as const) {
  test(`C11 ${name} is told with its address`, async t => {
    const {checks} = await looked(t, {program})
    assert.equal(checks.listens?.verdict, 'fail')
    assert.match(checks.listens?.detail ?? '', detail)
    assert.equal(checks.listens?.value, 1)
  })
}

test('C11 a port that another program answers on is no port of this server', async t => {
  const {context, server} = await startServer(t)
  const seen = await security.server?.observe(context, {...server, port: 1})
  const [check] = security.server?.judge(seen as never, server.settings) ?? []
  assert.equal(check?.verdict, 'fail')
  assert.match(
    check?.detail ?? '',
    /none of its 1 processes listens on 127\.0\.0\.1:1: what answers there is another program/,
  )
})

test('C11 the secret of another server and an undeclared token are found in the environment, and not written down', async t => {
  const {checks, written} = await looked(t, {
    environment: {TOKEN: secret, LEFT_OVER: `x${other}`, GITHUB_TOKEN: 'abc-def-ghi'},
    declared: ['HOME', 'PATH'],
    secrets: {TOKEN: secret, OTHER: other},
    own: ['TOKEN'],
  })
  assert.equal(checks.environment?.verdict, 'fail')
  assert.equal(
    checks.environment?.detail,
    'holds secrets that are not declared: LEFT_OVER of node holds OTHER of another server; GITHUB_TOKEN of node is named like one',
  )
  for (const value of [secret, other, 'abc-def-ghi']) assert.doesNotMatch(written, new RegExp(value))
})

test('C11 a secret in the words of a process is found, also its own', async t => {
  const {checks, written} = await looked(t, {words: [`--token=${secret}`], secrets: {TOKEN: secret}})
  assert.equal(checks.arguments?.verdict, 'fail')
  assert.equal(checks.arguments?.detail, 'every user of the machine can read TOKEN in the words of node')
  assert.doesNotMatch(written, new RegExp(secret))
})

test('C11 what is no process of this machine is skipped, what ended meanwhile is inconclusive', async t => {
  const {context, server} = await startServer(t)
  for (const [identity, verdict] of [
    ['sha256:abcdef', 'skip'],
    ['1@1', 'inconclusive'],
  ] as const) {
    const inspect = async () => [{name: 'one', identity}] as never
    const seen = await security.server?.observe({...context, inspect}, server)
    const checks = security.server?.judge(seen as never, server.settings) ?? []
    assert.deepEqual(
      checks.filter(({name}) => ['listens', 'environment', 'arguments'].includes(name)).map(check => check.verdict),
      [verdict, verdict, verdict],
    )
  }
})

test('addresses of the kernel are read as people write them', () => {
  const line = (local: string, state = '0A') =>
    `  0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 42 1`
  const table = [
    ' sl local_address ...',
    line('0100007F:1F90'),
    line('00000000:0050'),
    line('00000000000000000000000001000000:1F90'),
    line('00000000000000000000000000000000:1F90'),
    line('0000000000000000FFFF00000100007F:1F90'),
    line('0100007F:1F91', '01'),
  ].join('\n')
  assert.deepEqual(
    listeningIn(table).map(({address, port}) => `${address} ${port}`),
    ['127.0.0.1 8080', '0.0.0.0 80', '::1 8080', ':: 8080', '::ffff:127.0.0.1 8080'],
  )
})
