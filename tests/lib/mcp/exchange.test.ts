import assert from 'node:assert/strict'
import {once} from 'node:events'
import {test} from 'node:test'
import {exchange} from '../../../scripts/lib/mcp/exchange.ts'
import {startFixture} from './startFixture.ts'
import {sendJson, withHttp, withTcp} from './withServer.ts'

const post = (url: string, more: Partial<Parameters<typeof exchange>[0]> = {}) =>
  exchange({url, method: 'POST', body: '{}', timeoutMs: 3000, ...more})

test('a refused connection, a reset, a silent end and something that is not HTTP are told apart', async () => {
  const gone = await withTcp(() => {})
  await gone[Symbol.asyncDispose]()
  await using resets = await withTcp(socket => socket.resetAndDestroy())
  await using closes = await withTcp(socket => socket.end())
  await using greets = await withTcp(socket => socket.end('220 mail.example ESMTP\r\n'))
  assert.equal((await post(gone.url)).transport, 'refused')
  assert.equal((await post(resets.url)).transport, 'reset')
  assert.equal((await post(closes.url)).transport, 'closed')
  assert.equal((await post(greets.url)).transport, 'not-http')
  assert.equal((await post(closes.url.replace('http:', 'https:'))).transport, 'closed')
  assert.equal((await post(greets.url.replace('http:', 'https:'))).transport, 'tls')
})

test('a request that cannot be made is told, not thrown', async () => {
  assert.equal((await post('not a url')).transport, 'failed')
  const {transport, error} = await post('http://127.0.0.1:9/', {headers: {authorization: 'Bearer s3cret\n'}})
  assert.equal(transport, 'failed')
  assert.doesNotMatch(error ?? '', /s3cret/)
})

test('an answer cut off in the middle is closed, not ended, and its bytes are counted', async () => {
  await using server = await withTcp(socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"json'))
  const {transport, status, streamEnded, bytes, error} = await post(server.url)
  assert.deepEqual(
    {transport, status, streamEnded, bytes},
    {transport: 'closed', status: 200, streamEnded: false, bytes: 6},
  )
  assert.match(error ?? '', /cut off after 6 bytes/)
})

test('the deadline holds while bytes keep coming, and closing the stream reaches the server', async () => {
  let closed: Promise<unknown> | undefined
  await using server = await withHttp((_message, _request, response) => {
    response.writeHead(200, {'content-type': 'text/event-stream'})
    const timer = setInterval(() => response.write(': alive\n\n'), 5)
    closed = once(response, 'close').then(() => clearInterval(timer))
  })
  const seen = await post(server.url, {timeoutMs: 150})
  assert.equal(seen.transport, 'deadline')
  assert.ok(seen.ms >= 145 && seen.ms < 1500, `ended after ${seen.ms} ms`)
  assert.ok((seen.sse?.comments ?? 0) > 3, `${seen.sse?.comments} comments`)
  await closed
})

test('cancelling ends an exchange at once; one that was cancelled before is not sent', async () => {
  let requests = 0
  await using server = await withHttp(() => {
    requests += 1
  })
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 50)
  const seen = await post(server.url, {signal: controller.signal})
  assert.equal(seen.transport, 'cancelled')
  assert.ok(seen.ms < 1500, `ended after ${seen.ms} ms`)
  assert.equal((await post(server.url, {signal: controller.signal})).transport, 'cancelled')
  assert.equal(requests, 1)
})

test('reading stops at the byte limit: a server with 50 MB to send is not heard out', async () => {
  await using server = await startFixture('too-large')
  const call = {jsonrpc: '2.0', id: 1, method: 'tools/call', params: {name: 'add'}}
  const seen = await post(server.url, {body: JSON.stringify(call), maximumBytes: 1024 * 1024})
  assert.equal(seen.transport, 'too-large')
  assert.ok(seen.bytes <= 1024 * 1024 + 64 * 1024, `${seen.bytes} bytes were read`)
  assert.ok(seen.text.length <= 4096)
  const sent = await exchange({url: server.url.replace('/mcp', '/sent'), method: 'GET', timeoutMs: 3000})
  // What the kernel had buffered on both sides counts as sent, so this is not exactly the limit.
  assert.ok(Number(sent.text) > 0 && Number(sent.text) < 30e6, `${sent.text} bytes were sent`)
})

test('reading ends soon after the awaited response, although the server leaves its stream open', async () => {
  const response = {jsonrpc: '2.0', id: 5, result: {}}
  await using server = await withHttp((_message, _request, answer) => {
    answer.writeHead(200, {'content-type': 'text/event-stream'})
    answer.write(`data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\ndata: ${JSON.stringify(response)}\n\n`)
  })
  const startedAt = performance.now()
  const seen = await post(server.url, {awaitId: 5, lingerMs: 20})
  const wholeMs = performance.now() - startedAt
  assert.equal(seen.transport, 'ok')
  assert.equal(seen.streamEnded, false)
  assert.equal(seen.messages.length, 2)
  assert.ok(wholeMs < 1500, `ended after ${wholeMs} ms`)
  assert.ok(seen.ms <= wholeMs)
})

test('a redirect is told and not followed', async () => {
  let requests = 0
  await using server = await withHttp((_message, _request, response) => {
    requests += 1
    response.writeHead(307, {location: '/elsewhere'}).end()
  })
  const seen = await post(server.url)
  assert.deepEqual([seen.status, seen.headers.location, requests], [307, '/elsewhere', 1])
})

test('status, headers, times and the end of a good answer are told', async () => {
  await using server = await withHttp((_message, _request, response) =>
    sendJson(response, {jsonrpc: '2.0', id: 1, result: {}}),
  )
  const seen = await post(server.url, {awaitId: 1})
  assert.equal(seen.transport, 'ok')
  assert.equal(seen.streamEnded, true)
  assert.equal(seen.contentType, 'application/json')
  assert.ok((seen.firstByteMs ?? 0) > 0 && seen.ms >= (seen.firstByteMs ?? 0))
})
