import assert from 'node:assert/strict'
import {rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {test} from 'node:test'
import {ask, copies, startIngress, startUpstream, until} from './harness.ts'

test('X14 a broken or missing routes file keeps the last good routes and is told, until a good one comes', async t => {
  const upstream = await startUpstream(t, (_request, response) => response.end('x'))
  const ingress = await startIngress(t)
  const told = (pattern: RegExp) =>
    until(
      async () => pattern.test((await ingress.statusFile()).error ?? ''),
      () => `the status to tell of ${pattern}`,
      3000,
    )
  await told(/no routes|ENOENT/)
  assert.equal((await ask(ingress.port, {path: '/health'})).status, 503)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  assert.equal((await ingress.statusFile()).error, undefined)

  for (const [broken, pattern] of [
    ['{"version": 2, "rel', /routes of version 1 stay: .*should be JSON/],
    [
      '{"version": 2, "release": "r", "servers": {"memory": {"endpoint": 1, "copies": []}}}',
      /servers\.memory\.endpoint: should be a path/,
    ],
    ['', /should be JSON/],
  ] as const) {
    await ingress.writeRoutes(broken)
    await told(pattern)
    assert.equal((await ingress.statusFile()).version, 1)
    assert.equal((await ask(ingress.port, {path: '/memory/mcp'})).status, 200)
  }
  await rm(join(ingress.folder, 'routes.json'))
  await told(/ENOENT/)
  assert.equal((await ask(ingress.port, {path: '/memory/mcp'})).status, 200)
  await ingress.route({other: {copies: copies(['a', upstream.url, 'active'])}})
  assert.equal((await ingress.statusFile()).error, undefined)
  assert.equal((await ask(ingress.port, {path: '/memory/mcp'})).status, 404)
})

test('routes that are written in place, as a shell in an emergency may do, are applied too', async t => {
  const ingress = await startIngress(t)
  const text = JSON.stringify({version: 9, release: 'r9', servers: {}})
  await writeFile(join(ingress.folder, 'routes.json'), text)
  await until(
    async () => (await ingress.statusFile()).version === 9,
    () => 'version 9 to be applied',
    3000,
  )
  const status = await ingress.statusFile()
  assert.equal(status.pid, ingress.child.pid)
  assert.deepEqual(status, await ingress.status())
})

test('A9 the routes name other hosts and origins than the configuration; without them those of the configuration count', async t => {
  const upstream = await startUpstream(t, (_request, response) => response.end('x'))
  const ingress = await startIngress(t, {hosts: ['127.0.0.1', 'early.example'], origins: ['https://early.example']})
  const servers = {memory: {endpoint: '/mcp', copies: copies(['a', upstream.url, 'active'])}}
  const answers = async (name: string) => [
    (await ask(ingress.port, {path: '/memory/mcp', headers: {host: name}})).status,
    (await ask(ingress.port, {path: '/memory/mcp', headers: {origin: `https://${name}`}})).status,
  ]
  let version = 0
  const put = async (names: {hosts?: string[]; origins?: string[]}) => {
    version += 1
    await ingress.writeRoutes(JSON.stringify({version, release: 'r', ...names, servers}))
    await until(
      async () => (await ingress.statusFile()).version === version,
      () => `version ${version} to be applied`,
    )
  }
  await put({})
  assert.deepEqual(
    [await answers('early.example'), await answers('late.example')],
    [
      [200, 200],
      [421, 403],
    ],
  )
  await put({hosts: ['127.0.0.1', 'late.example'], origins: ['https://late.example']})
  assert.deepEqual(
    [await answers('early.example'), await answers('late.example')],
    [
      [421, 403],
      [200, 200],
    ],
  )
  await put({hosts: ['127.0.0.1'], origins: []})
  assert.deepEqual(
    [await answers('early.example'), await answers('late.example')],
    [
      [421, 403],
      [421, 403],
    ],
  )
  await put({})
  assert.deepEqual(
    [await answers('early.example'), await answers('late.example')],
    [
      [200, 200],
      [421, 403],
    ],
  )
})
