// What `pnpm fleet:check` refuses because a later step would, on fleet files and folders as users have them.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {temporaryFolder} from '../temporaryFolder.ts'

const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`
const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': {dependencies: {thing: '1.0.0'}},
    'node_modules/thing': {version: '1.0.0', integrity, bin: {'thing-server': 'main.js'}},
  },
})
const probe = 'probe: {tool: t}'

function check(context: TestContext, servers: string, more = '', limits = ''): {code: number | null; said: string} {
  const text = `fleet: mine
servers:
${servers.replace(/^/gm, '  ')}
environments:
  staging: {target: local, ingress: {port: 18999}${limits}}
${more}`
  const folder = temporaryFolder(context, {'fleet.yaml': text, 'locks/thing@1.0.0/package-lock.json': lock})
  mkdirSync(join(folder, 'code'))
  const environment = {...process.env, SEAWORTHY_ENV: undefined, SEAWORTHY_FLEET: undefined}
  const argv = ['scripts/01-check.ts', '--fleet', join(folder, 'fleet.yaml')]
  const {status, stdout, stderr} = spawnSync(process.execPath, argv, {encoding: 'utf8', env: environment as never})
  return {code: status, said: `${stdout}${stderr}`}
}

function refused(
  context: TestContext,
  message: RegExp,
  ...given: [servers: string, more?: string, limits?: string]
): void {
  const {code, said} = check(context, ...given)
  assert.equal(code, 2, said)
  assert.match(said, message)
  assert.match(said, /^fleet\.yaml:\d+:\d+ /m, 'it names the place')
  assert.doesNotMatch(said, /^ +at /m)
}

const one = (rest: string) => `one: {source: {folder: code}, command: [node, a.mjs], ${probe}, ${rest}}`

test('A2 a fleet file that can run passes fleet:check', context => {
  const {code, said} = check(context, `one: {source: {npm: thing@1.0.0}, command: [thing-server], ${probe}}`)
  assert.equal(code, 0, said)
  assert.match(said, /environment staging, 1 server\n/)
})

test('A2 fleet:check refuses folders and seeds that are missing or elsewhere, all at once', context => {
  const two = `one: {source: {folder: nowhere}, command: [node, a.mjs], ${probe}}
two: {source: {folder: ../../etc}, command: [node, a.mjs], ${probe}, state: {paths: [a], seed: /etc}}`
  const {code, said} = check(context, two)
  assert.equal(code, 2)
  for (const path of ['one.source.folder', 'two.source.folder', 'two.state.seed']) assert.match(said, new RegExp(path))
  assert.match(said, /3 faults/)
})

test('A2 fleet:check refuses state outside the state folder of its server', context => {
  refused(
    context,
    /servers\.one\.state\.paths\.1: should be below the state folder.*got \.\.\/x/,
    one('state: {paths: [ok, ../x]}'),
  )
  refused(context, /servers\.one\.state\.paths\.0: should be below/, one('state: {paths: [/etc/shadow]}'))
})

test('A2 fleet:check refuses a placeholder that is nearly one of ours, and leaves others alone', context => {
  refused(context, /env\.PORT: holds \{prot\}.*\n.*did you mean \{port\}/, one(`env: {PORT: '{prot}'}`))
  assert.equal(check(context, one(`env: {URL: 'http://x/{id}'}`)).code, 0)
})

test('A2 fleet:check refuses packages that are not locked and commands that they do not have', context => {
  refused(
    context,
    /servers\.one\.source\.npm: other@2\.0\.0 is not locked yet\n {2}→ pnpm fleet:lock --fleet \//,
    `one: {source: {npm: other@2.0.0}, command: [other], ${probe}}`,
  )
  refused(
    context,
    /servers\.one\.command: should begin with a command of thing, got thing-sever\n.*did you mean "thing-server"/,
    `one: {source: {npm: thing@1.0.0}, command: [thing-sever], ${probe}}`,
  )
})

test('A2 fleet:check refuses a server without a probe, unless it is not enabled', context => {
  const bare = 'one: {source: {folder: code}, command: [node, a.mjs]'
  refused(context, /servers\.one: has no probe/, `${bare}}`)
  assert.equal(check(context, `${bare}, client: {enabled: false}}`).code, 0)
})

test('A2 fleet:check refuses checks that there are not, numbers out of range and names that cannot be kept', context => {
  const until = 'reason: it is a known thing, until: 2999-12-31'
  refused(
    context,
    /accept\.0\.check: is no check: health\/stedy\n.*did you mean "health\/steady"/,
    one(''),
    `accept: [{check: health/stedy, ${until}}]`,
  )
  refused(context, /limits\.memoryMegabytes: should be at most/, one('limits: {memoryMegabytes: 1e308}'))
  refused(
    context,
    /servers\.__proto__: is no name that can be used/,
    `__proto__: {source: {folder: code}, command: [a], ${probe}}`,
  )
})

test('A2 a reference that YAML reads as a map is named once, with what to write', context => {
  const {code, said} = check(context, one('env: {PORT: ${MY_PORT}}'))
  assert.equal(code, 2)
  assert.match(said, /^fleet\.yaml:3:\d+: \$\{MY_PORT\} stands between braces.*\n {2}→ quote it: '\$\{MY_PORT\}'\n$/)
})

test('A2 fleet:check lists faults of the disk beside those of the shape and of the rules, in one list with their places', context => {
  const {code, said} = check(
    context,
    `one: {source: {folder: nowhere}, command: [node, a.mjs], ${probe}, limits: {memoryMegabytes: -1}}
two: {source: {folder: gone}, command: [node, a.mjs], ${probe}, after: [three]}
three: {source: {npm: other@2.0.0}, command: [other], ${probe}, cutover: sideways}`,
  )
  assert.equal(code, 2)
  const places = [...said.matchAll(/^fleet\.yaml:(\d+):\d+ (\S+):/gm)].map(([, line, key]) => `${line} ${key}`)
  assert.deepEqual(places.toSorted(), [
    '3 servers.one.limits.memoryMegabytes',
    '3 servers.one.source.folder',
    '4 servers.two.source.folder',
    '5 servers.three.cutover',
    '5 servers.three.source.npm',
  ])
  assert.match(said, /5 faults/)
})
