// Clients that send slowly or wait long are bounded together, and leave nothing behind.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import net from 'node:net'
import {type TestContext, test} from 'node:test'
import {ask, call, copies, startIngress, startUpstream, until} from './harness.ts'

/** A connection that has sent the head and the first bytes of a body of that length; `text` is what came back. */
function begin(t: TestContext, port: number, length: number) {
  const socket = net.connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => (text += chunk)).on('error', () => undefined)
  t.after(() => socket.destroy())
  socket.write(`POST /memory/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n{`)
  return {socket, text: () => text}
}

test('X2 bodies that do not arrive are bounded in total, and other calls go on', {timeout: 20_000}, async t => {
  const upstream = await startUpstream(t, (request, response) => request.resume().on('end', () => response.end('{}')))
  const ingress = await startIngress(t, {bodies: {totalBytes: 100_000}})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const first = begin(t, ingress.port, 60_000)
  const second = begin(t, ingress.port, 60_000)
  await until(
    () => first.text() !== '' || second.text() !== '',
    () => 'one of two bodies to be refused',
  )
  const [refused, reading] = first.text() === '' ? [second, first] : [first, second]
  assert.match(refused.text(), /^HTTP\/1\.1 503 .*too many requests are still sending their bodies/s)
  assert.match(refused.text(), /retry-after: 1/i)
  assert.equal((await ask(ingress.port, {path: '/memory/mcp', body: call})).status, 200)
  reading.socket.destroy()
  // Its share is free again as soon as it is gone.
  await until(
    async () => (await ask(ingress.port, {path: '/memory/mcp', body: 'x'.repeat(60_000)})).status === 200,
    () => 'the share of a client that went away to be free',
  )
})

test('X2 a body that stops on its way is refused in time, and its connection closed', {timeout: 20_000}, async t => {
  const upstream = await startUpstream(t, (_request, response) => response.end('{}'))
  const ingress = await startIngress(t, {bodies: {wholeMs: 200}})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const slow = begin(t, ingress.port, 1000)
  await once(slow.socket, 'close')
  assert.match(slow.text(), /^HTTP\/1\.1 408 .*did not arrive in time/s)
})

test('X2 a request that waits for a copy that refuses connections leaves no listener behind', {
  timeout: 20_000,
}, async t => {
  const ingress = await startIngress(t)
  // Port 9 on loopback has no server: connections are refused at once, every 50 ms again.
  const hold = {maximumRequests: 10, maximumBytes: 1_000_000, maximumMs: 1500}
  await ingress.route({memory: {cutover: 'recreate', hold, copies: copies(['a', 'http://127.0.0.1:9', 'active'])}})
  assert.equal((await ask(ingress.port, {path: '/memory/mcp', body: call})).status, 503)
  assert.doesNotMatch(ingress.output(), /MaxListenersExceededWarning/)
})

const events = {'content-type': 'text/event-stream'}

test('X2 a silent stream of events gets comments, which change no event of it', {timeout: 20_000}, async t => {
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(200, events)
    response.write('data: one\n')
    setTimeout(() => response.write('data: tw'), 500)
    setTimeout(() => response.end('o\n\n'), 1000)
  })
  const ingress = await startIngress(t, {commentMs: 100})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const {text} = await ask(ingress.port, {path: '/memory/mcp', body: call})
  // While half a line is out, nothing may come between its halves.
  assert.match(text, /^data: one\n(:\n)+data: two\n\n$/)
})

test('X2 no comment goes into what is no plain stream of events, nor where they are switched off', {
  timeout: 20_000,
}, async t => {
  const upstream = await startUpstream(t, (request, response) => {
    const kind = request.url ?? ''
    response.writeHead(200, {
      ...(kind === '/json' ? {'content-type': 'application/json'} : events),
      ...(kind === '/coded' && {'content-encoding': 'x-any'}),
    })
    response.write('a\n')
    setTimeout(() => response.end('b\n'), 400)
  })
  const commented = await startIngress(t, {commentMs: 50})
  const silent = await startIngress(t, {commentMs: 0})
  for (const ingress of [commented, silent])
    await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const text = async (port: number, path: string) => (await ask(port, {path: `/memory${path}`, body: call})).text
  assert.deepEqual(
    await Promise.all([text(commented.port, '/json'), text(commented.port, '/coded'), text(silent.port, '/events')]),
    ['a\nb\n', 'a\nb\n', 'a\nb\n'],
  )
  assert.match(await text(commented.port, '/events'), /^a\n(:\n)+b\n$/)
})
