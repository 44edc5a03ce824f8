import assert from 'node:assert/strict'
import {test} from 'node:test'
import {ask, copies, open, pause, startIngress, startUpstream, until} from './harness.ts'

test('after SIGTERM a call in flight finishes, streams are cut, nothing new is taken, and the exit is clean', async t => {
  const {promise, resolve: finish} = Promise.withResolvers<void>()
  const upstream = await startUpstream(t, (request, response) => {
    if (request.method === 'POST') return void promise.then(() => response.end('late'))
    response.writeHead(200, {'content-type': 'text/event-stream'}).write('data: 1\n\n')
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const calling = ask(ingress.port, {path: '/memory/mcp', body: '{}'})
  const {response} = await open(ingress.port, {path: '/memory/mcp'})
  const closed = new Promise(resolve =>
    response
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  )
  await until(
    async () => {
      const {inFlight, streams} = (await ingress.status()).servers.memory?.copies.a ?? {}
      return inFlight === 1 && streams === 1
    },
    () => 'both to run',
  )
  ingress.child.kill('SIGTERM')
  await until(
    () => ingress.output().includes('"stopping"'),
    () => 'the ingress to begin to stop',
  )
  await assert.rejects(open(ingress.port, {path: '/memory/mcp'}), /ECONNREFUSED/)
  // Longer than the moment that is left for flushing what is already answered.
  await pause(300)
  finish()
  const answer = await calling
  assert.deepEqual([answer.status, answer.text, answer.cut], [200, 'late', false])
  await closed
  assert.equal(response.complete, false)
  assert.equal(await ingress.exited, 0)
})

test('a call that does not end is cut at the deadline, and the exit is still clean', async t => {
  const upstream = await startUpstream(t, () => {})
  const ingress = await startIngress(t, {stopMs: 200})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const calling = assert.rejects(ask(ingress.port, {path: '/memory/mcp', body: '{}'}), /socket hang up|ECONNRESET/)
  await until(
    async () => (await ingress.status()).servers.memory?.copies.a?.inFlight === 1,
    () => 'the call to run',
  )
  const startedAt = Date.now()
  ingress.child.kill('SIGTERM')
  assert.equal(await ingress.exited, 0)
  assert.ok(Date.now() - startedAt < 2000)
  await calling
})

test('a port in use, a missing file and a wrong configuration end the start with a message that names them', async t => {
  const taken = await startUpstream(t, () => {})
  const inUse = await startIngress(t, {listen: {host: '127.0.0.1', port: taken.port}})
  assert.equal(await inUse.exited, 1)
  assert.match(inUse.output(), new RegExp(`port ${taken.port} of 127\\.0\\.0\\.1 is in use`))
  const wrong = await startIngress(t, {hosts: 'localhost'})
  assert.equal(await wrong.exited, 2)
  assert.match(wrong.output(), /hosts: should be a list, got "localhost"/)
  const noKey = await startIngress(t, {tls: {certificate: '/nowhere/cert.pem', key: '/nowhere/key.pem'}})
  assert.equal(await noKey.exited, 1)
  assert.match(noKey.output(), /ENOENT.*\/nowhere\/cert\.pem/)
})
