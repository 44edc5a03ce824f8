// The control socket of the ingress: routes are put and acknowledged by digest, and whatever happens to it, the file serves.
import assert from 'node:assert/strict'
import {hash} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import http from 'node:http'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {askStatus, putRoutes} from '../../scripts/lib/cutover/ingressControl.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'
import {ask, copies, type Running, startIngress, startUpstream, until} from './harness.ts'

const withinMs = 5000

async function started(t: TestContext) {
  const upstream = await startUpstream(t, (_request, response) => response.end('x'))
  const ingress = await startIngress(t)
  const socket = join(ingress.folder, 'control.sock')
  const routes = (version: number, state: 'active' | 'draining' = 'active') => {
    const memory = {endpoint: '/mcp', copies: copies(['a', upstream.url, state])}
    return JSON.stringify({version, release: `r${version}`, servers: {memory}})
  }
  const put = (text: string) => putRoutes(socket, text, withinMs)
  return {ingress, socket, routes, put, calls: () => ask(ingress.port, {path: '/memory/mcp'})}
}

const appliedLines = (ingress: Running) => ingress.output().match(/"event":"routes applied"/g)?.length ?? 0

test('routes that are put are acknowledged by their digest, and are in force and in both statuses by then', async t => {
  const {ingress, socket, routes, put, calls} = await started(t)
  const text = routes(4)
  const digest = hash('sha256', text)
  assert.deepEqual(await put(text), {kind: 'applied', version: 4, routes: digest})
  const file = JSON.parse(readFileSync(join(ingress.folder, 'status.json'), 'utf8'))
  assert.deepEqual([file.version, file.release, file.routes, file.error], [4, 'r4', digest, undefined])
  assert.equal((await calls()).text, 'x')
  assert.deepEqual(await askStatus(socket, withinMs), {kind: 'status', value: file})
})

test('routes that are in the file already when they are put are applied once', async t => {
  const {ingress, routes, put} = await started(t)
  const text = routes(4)
  await ingress.writeRoutes(text)
  await until(
    async () => (await ingress.statusFile()).version === 4,
    () => 'the file to be applied',
  )
  assert.equal((await put(text)).kind, 'applied')
  assert.equal((await put(text)).kind, 'applied')
  assert.equal(appliedLines(ingress), 1)
})

test('routes that are not newer than those applied are refused, with both versions, and change nothing', async t => {
  const {ingress, socket, routes, put, calls} = await started(t)
  await put(routes(4))
  const before = await askStatus(socket, withinMs)
  for (const text of [routes(3), routes(4, 'draining')]) {
    const {version} = JSON.parse(text)
    const why = `routes ${version} are not newer than routes 4 of r4, which are applied`
    assert.deepEqual(await put(text), {kind: 'refused', why})
    assert.match(ingress.output(), new RegExp(`"put refused".*"version":${version}`))
  }
  assert.deepEqual(await askStatus(socket, withinMs), before)
  assert.equal((await calls()).status, 200)
})

test('the routes file stays the truth: an older one that is put in place is applied', async t => {
  const {ingress, routes, put} = await started(t)
  await put(routes(4))
  await ingress.writeRoutes(routes(2))
  await until(
    async () => (await ingress.statusFile()).version === 2,
    () => 'the older file to be applied',
  )
  assert.equal((await put(routes(3))).kind, 'applied')
})

test('malformed routes are refused with the place of the fault, and change nothing', async t => {
  const {ingress, socket, routes, put, calls} = await started(t)
  await put(routes(4))
  const before = await askStatus(socket, withinMs)
  for (const [text, fault] of [
    ['', /the routes of version 4 stay: the routes: should be JSON/],
    ['{"version": 5, "rel', /should be JSON/],
    [
      '{"version": 5, "release": "r", "servers": {"memory": {"endpoint": 1}}}',
      /servers\.memory\.copies: should be a list/,
    ],
  ] as const) {
    const answer = await put(text)
    assert.ok(answer.kind === 'invalid', JSON.stringify(answer))
    assert.match(answer.why, fault)
  }
  assert.deepEqual(await askStatus(socket, withinMs), before)
  assert.equal((await calls()).status, 200)
  assert.match(ingress.output(), /"put refused".*should be JSON/)
  assert.equal((await put(routes(5))).kind, 'applied')
})

test('of two that put at once the newer routes are in force at the end, and who is too late is refused', async t => {
  const {socket, routes, put} = await started(t)
  for (let version = 10; version < 30; version += 2) {
    const newer = put(routes(version + 1))
    const older = put(routes(version))
    assert.equal((await newer).kind, 'applied')
    assert.match((await older).kind, /^(applied|refused)$/)
    const answer = await askStatus(socket, withinMs)
    assert.ok(answer.kind === 'status')
    assert.equal((answer.value as {version: number}).version, version + 1)
  }
})

test('only its own user may use the socket, and what else is asked of it is answered with what there is', async t => {
  const {ingress, socket, put, routes} = await started(t)
  assert.equal(statSync(socket).mode & 0o777, 0o600)
  assert.deepEqual(
    readdirSync(ingress.folder).filter(name => name.startsWith('control')),
    ['control.sock'],
  )
  const other = await exchange(socket, 'GET', '/routes')
  assert.equal(other.status, 404)
  assert.deepEqual(JSON.parse(other.text), {
    error: 'GET /routes is not known here',
    known: ['GET /status', 'PUT /routes'],
  })
  const large = await exchange(socket, 'PUT', '/routes', ' '.repeat(16 * 1024 * 1024 + 1))
  assert.deepEqual([large.status, /larger than 16777216 bytes/.test(large.text)], [413, true])
  assert.equal((await put(routes(1))).kind, 'applied', 'it goes on')
})

test('the socket of a killed ingress is replaced, and that of one that stops is gone', async t => {
  const {ingress, socket, routes} = await started(t)
  ingress.child.kill('SIGKILL')
  await ingress.exited
  assert.ok(existsSync(socket))
  assert.deepEqual(await putRoutes(socket, routes(1), withinMs), {kind: 'absent'})
  const next = await startIngress(t, {control: socket})
  assert.equal((await putRoutes(socket, routes(1), withinMs)).kind, 'applied')
  assert.equal((await next.statusFile()).version, 1)
  next.child.kill('SIGTERM')
  assert.equal(await next.exited, 0)
  assert.equal(existsSync(socket), false)
})

test('a folder whose path is longer than the address of a socket may be has one all the same', async t => {
  const folder = join(temporaryFolder(t), ...Array.from({length: 4}, () => 'a'.repeat(60)))
  mkdirSync(folder, {recursive: true})
  const socket = join(folder, 'control.sock')
  const ingress = await startIngress(t, {control: socket})
  const text = JSON.stringify({version: 3, release: 'r', servers: {}})
  assert.deepEqual(await putRoutes(socket, text, withinMs), {
    kind: 'applied',
    version: 3,
    routes: hash('sha256', text),
  })
  assert.deepEqual(readdirSync(folder), ['control.sock'])
  assert.equal((await ingress.status()).controlFault, undefined)
})

test('an ingress that can have no socket says so, and takes routes from the file', async t => {
  const socket = join(temporaryFolder(t), 'absent', 'control.sock')
  const ingress = await startIngress(t, {control: socket})
  await ingress.route({})
  const {version, controlFault = ''} = await ingress.statusFile()
  assert.equal(version, 1)
  assert.ok(controlFault.startsWith(`${socket}: `), controlFault)
  assert.match(ingress.output(), /"event":"no control socket".*absent\/control\.sock/)
})

/** One exchange as any HTTP client does it. */
function exchange(
  socketPath: string,
  method: string,
  path: string,
  body = '',
): Promise<{status: number; text: string}> {
  return new Promise((resolve, reject) => {
    const request = http.request({socketPath, method, path, agent: false}, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => (text += chunk))
      response.on('end', () => resolve({status: response.statusCode ?? 0, text}))
    })
    request.on('error', reject)
    request.end(body)
  })
}
