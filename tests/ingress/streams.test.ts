import assert from 'node:assert/strict'
import {once} from 'node:events'
import type {ServerResponse} from 'node:http'
import {test} from 'node:test'
import {ask, copies, open, pause, startIngress, startUpstream, until} from './harness.ts'

test('an event arrives while the stream is still open, and its head before any event', async t => {
  let stream: ServerResponse | undefined
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(200, {'content-type': 'text/event-stream', 'x-accel-buffering': 'no'})
    response.flushHeaders()
    stream = response
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const {response} = await open(ingress.port, {path: '/memory/mcp', headers: {'accept-encoding': 'gzip'}})
  assert.equal(response.headers['x-accel-buffering'], 'no')
  assert.equal(response.headers['content-encoding'], undefined)
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    stream?.write(event)
    const [chunk] = await once(response, 'data')
    assert.equal(String(chunk), event)
  }
  assert.equal((await ingress.status()).servers.memory?.copies.a?.streams, 1)
  stream?.end()
  await once(response, 'end')
  assert.equal(response.complete, true)
})

test('a client that goes away ends its request at the server, before and within the answer', async t => {
  let begun = 0
  let closed = 0
  const upstream = await startUpstream(t, (request, response) => {
    begun += 1
    response.on('close', () => (closed += 1))
    if (request.url !== '/silent') response.writeHead(200, {'content-type': 'text/event-stream'}).write('data: 1\n\n')
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const {request} = await open(ingress.port, {path: '/memory/mcp', body: '{}'})
  assert.equal(closed, 0)
  request.destroy()
  await until(
    () => closed === 1,
    () => 'the stream to be closed at the server',
  )

  const silent = open(ingress.port, {path: '/memory/silent', body: '{}'})
  silent.catch(() => {})
  await until(
    () => begun === 2,
    () => 'the silent request to reach the server',
  )
  const {promise, resolve} = Promise.withResolvers<void>()
  const other = fetch(`${ingress.url}/memory/silent`, {method: 'POST', body: '{}', signal: AbortSignal.timeout(100)})
  other.catch(() => resolve())
  await promise
  await until(
    () => closed === 2,
    () => 'the silent request to be closed at the server',
  )
  const {inFlight, streams} = (await ingress.status()).servers.memory?.copies.a ?? {}
  assert.deepEqual([inFlight, streams], [1, 0])
})

test('a server that dies within its answer never looks like a complete answer', async t => {
  const upstream = await startUpstream(t, (request, response) => {
    if (request.url === '/length') response.writeHead(200, {'content-length': '100'})
    else response.writeHead(200, {'content-type': 'text/event-stream'})
    response.write('data: half')
    setTimeout(() => (request.url === '/reset' ? request.socket.resetAndDestroy() : request.socket.destroy()), 20)
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  for (const path of ['/memory/chunked', '/memory/length', '/memory/reset']) {
    for (const method of ['POST', 'GET']) {
      const answer = await ask(ingress.port, {path, method})
      assert.deepEqual([answer.status, answer.text, answer.cut], [200, 'data: half', true], `${method} ${path}`)
    }
  }
  assert.match(ingress.output(), /"event":"upstream cut"/)
})

test('a slow reader slows the server down instead of filling the memory of the ingress', async t => {
  let written = 0
  const upstream = await startUpstream(t, (_request, response) => {
    const block = Buffer.alloc(256 * 1024)
    const more = () => {
      while (written < 400 * block.length) {
        written += block.length
        if (!response.write(block)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const {response} = await open(ingress.port, {path: '/memory/big'})
  await pause(400)
  assert.ok(written < 50 * 1024 * 1024, `the server had written ${written} bytes to a client that reads nothing`)
  let read = 0
  for await (const chunk of response) read += (chunk as Buffer).length
  assert.equal(read, 400 * 256 * 1024)
})
