import assert from 'node:assert/strict'
import {test} from 'node:test'
import {
  ask,
  call,
  copies,
  initialize,
  open,
  pause,
  sessionServer,
  startIngress,
  startUpstream,
  until,
} from './harness.ts'

const hold = {maximumRequests: 256, maximumBytes: 8_388_608, maximumMs: 15_000}
const recreate = {cutover: 'recreate', hold} as const

test('B12 while no copy is active requests wait, and each is sent exactly once when one is', async t => {
  const seen: string[] = []
  const next = await startUpstream(t, sessionServer('next', seen))
  const ingress = await startIngress(t)
  await ingress.route({memory: {...recreate, copies: []}})
  const bodies = Array.from({length: 20}, (_, n) => `{"jsonrpc":"2.0","id":${n},"method":"x"}`)
  bodies.push('y'.repeat(200_000))
  const answers = Promise.all(bodies.map(body => ask(ingress.port, {path: '/memory/mcp', body})))
  await until(
    async () => (await ingress.statusFile()).servers.memory?.held === bodies.length,
    () => 'the status file to tell of all that wait',
  )
  assert.equal(seen.length, 0)
  await ingress.route({memory: {copies: copies(['b', next.url, 'active'])}})
  assert.deepEqual(new Set((await answers).map(({status}) => status)), new Set([200]))
  assert.deepEqual(seen.map(line => line.slice(5)).sort(), [...bodies].sort())
})

test('a copy that is routed before it listens keeps requests waiting too', async t => {
  const later = await startUpstream(t, sessionServer('later'))
  await later.stop()
  const ingress = await startIngress(t)
  await ingress.route({memory: {...recreate, copies: copies(['b', later.url, 'active'])}})
  const answers = Promise.all(['{}', 'y'.repeat(200_000)].map(body => ask(ingress.port, {path: '/memory/mcp', body})))
  await pause(150)
  await new Promise<void>(resolve => later.server.listen(later.port, '127.0.0.1', resolve))
  assert.deepEqual(
    (await answers).map(({status}) => status),
    [200, 200],
  )
})

test('what is over a bound gets 503 with Retry-After at once or in time, and the rest still goes through', async t => {
  const next = await startUpstream(t, sessionServer('next'))
  const ingress = await startIngress(t)
  const send = (server: string, body = '{}') => ask(ingress.port, {path: `/${server}/mcp`, body})
  const servers = {
    number: {...recreate, hold: {...hold, maximumRequests: 2}},
    bytes: {...recreate, hold: {...hold, maximumBytes: 1000}},
    time: {...recreate, hold: {...hold, maximumMs: 150}},
  }
  await ingress.route(servers)
  const waiting = [send('number'), send('number'), send('bytes', 'x'.repeat(900))]
  await until(
    async () =>
      (await ingress.status()).servers.number?.held === 2 && (await ingress.status()).servers.bytes?.held === 1,
    () => 'three to wait',
  )
  for (const refused of [await send('number'), await send('bytes', 'x'.repeat(200)), await send('time')]) {
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
  }
  const back = {...recreate, copies: copies(['b', next.url, 'active'])}
  await ingress.route({number: back, bytes: back, time: back})
  assert.deepEqual(
    (await Promise.all(waiting)).map(({status}) => status),
    [200, 200, 200],
  )
})

test('a client that stops waiting leaves its place; a server that is taken away frees all', async t => {
  const ingress = await startIngress(t)
  await ingress.route({memory: recreate})
  const leaving = fetch(`${ingress.url}/memory/mcp`, {method: 'POST', body: '{}', signal: AbortSignal.timeout(100)})
  await assert.rejects(leaving)
  await until(
    async () => (await ingress.status()).servers.memory?.held === 0,
    () => 'the place to be free',
    2000,
  )
  const staying = ask(ingress.port, {path: '/memory/mcp', body: '{}'})
  await until(
    async () => (await ingress.status()).servers.memory?.held === 1,
    () => 'one to wait',
    2000,
  )
  await ingress.route({})
  assert.equal((await staying).status, 503)
})

test('while the single writer drains, its sessions wait, a running call is let finish, and then they are told to start over', async t => {
  const sessions = sessionServer('old')
  const {promise: answered, resolve: finishCall} = Promise.withResolvers<void>()
  const old = await startUpstream(t, (request, response) => {
    if (request.url === '/slow') return void answered.then(() => response.end('late'))
    sessions(request, response)
  })
  const next = await startUpstream(t, sessionServer('next'))
  const ingress = await startIngress(t)
  await ingress.route({memory: {cutover: 'recreate', copies: copies(['a', old.url, 'active'])}})
  await ask(ingress.port, {path: '/memory/mcp', body: initialize})
  const headers = {'mcp-session-id': 'old-1'}
  const running = open(ingress.port, {path: '/memory/slow', headers, body: call})
  await until(
    async () => (await ingress.status()).servers.memory?.copies.a?.inFlight === 1,
    () => 'the call to run',
  )
  await ingress.route({memory: {...recreate, copies: copies(['a', old.url, 'draining'])}})
  const held = ask(ingress.port, {path: '/memory/mcp', headers, body: call})
  await until(
    async () => (await ingress.status()).servers.memory?.held === 1,
    () => 'the next call to wait',
  )
  const reply = await ask(ingress.port, {path: '/memory/mcp', headers, body: '{"jsonrpc":"2.0","id":"q","result":{}}'})
  assert.equal(JSON.parse(reply.text).by, 'old', 'an answer to what the running call asked goes through')
  finishCall()
  assert.equal((await running).response.statusCode, 200)
  await ingress.route({memory: {...recreate, copies: copies(['a', old.url, 'ended'], ['b', next.url, 'active'])}})
  assert.equal((await held).status, 404)
  assert.equal((await ask(ingress.port, {path: '/memory/mcp', body: initialize})).headers['mcp-session-id'], 'next-1')
})
