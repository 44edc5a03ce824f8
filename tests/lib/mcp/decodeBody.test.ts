// Every content coding is decoded, whole or in a stream, asked for or not; bombs and what is no such coding end with a reason.
import assert from 'node:assert/strict'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import zlib from 'node:zlib'
import {exchange} from '../../../scripts/lib/mcp/exchange.ts'

const message = {jsonrpc: '2.0', id: 1, result: {text: 'ahoy '.repeat(50)}} as const
const json = JSON.stringify(message)
const codings: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
  'gzip, br': bytes => zlib.brotliCompressSync(zlib.gzipSync(bytes)),
  ' GZIP , identity': zlib.gzipSync,
}

async function serving(test: TestContext, handle: http.RequestListener): Promise<string> {
  const server = http.createServer(handle).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  test.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}

function answering(test: TestContext, coding: string, body: Buffer, type = 'application/json'): Promise<string> {
  return serving(test, (request, response) => {
    assert.equal(request.headers['accept-encoding'], 'identity')
    response.writeHead(200, {'content-type': type, 'content-encoding': coding}).end(body)
  })
}

const ask = (url: string, more: object = {}) =>
  exchange({url, method: 'POST', body: '{}', timeoutMs: 5000, awaitId: 1, ...more})

for (const [coding, encode] of [...Object.entries(codings), ['deflate', zlib.deflateRawSync] as const])
  test(`A1 JSON with Content-Encoding: ${coding} is read (${encode.name})`, async t => {
    const seen = await ask(await answering(t, coding, encode(Buffer.from(json))))
    assert.deepEqual([seen.transport, seen.messages, seen.bytes], ['ok', [message], json.length])
  })

test('A1 an event stream that is compressed is read while it arrives', async t => {
  const url = await serving(t, (_, response) => {
    response.writeHead(200, {'content-type': 'text/event-stream', 'content-encoding': 'gzip'})
    const gzip = zlib.createGzip()
    gzip.pipe(response)
    gzip.write(`data: ${json}\n\n`)
    // Never ended: what was flushed must do.
    gzip.flush()
  })
  const seen = await ask(url)
  assert.deepEqual([seen.transport, seen.messages, seen.streamEnded], ['ok', [message], false])
})

test('A1 a bomb is refused at the bound of what it decodes to', async t => {
  const bomb = zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024))
  const before = process.memoryUsage().rss
  const seen = await ask(await answering(t, 'gzip', bomb), {maximumBytes: 100_000})
  assert.deepEqual([seen.transport, seen.error], ['too-large', 'the answer is larger than 100000 bytes'])
  assert.ok(seen.bytes < 400_000, `${seen.bytes}`)
  assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024)
})

test('A1 what is not so coded, or in a coding that nobody knows, is said so', async t => {
  const wrong = await ask(await answering(t, 'gzip', Buffer.from(json)))
  assert.match(wrong.error ?? '', /^the answer cannot be decoded: Content-Encoding gzip: incorrect header check/)
  const unknown = await ask(await answering(t, 'snappy', Buffer.from(json)))
  assert.match(unknown.error ?? '', /the content coding "snappy" cannot be decoded; gzip, deflate, br and zstd can/)
  const many = await ask(await answering(t, 'gzip,gzip,gzip,gzip,gzip', Buffer.from(json)))
  assert.match(many.error ?? '', /5 content codings cannot be decoded/)
  const half = await ask(await answering(t, 'gzip', zlib.gzipSync(Buffer.from(json)).subarray(0, 20)))
  assert.match(half.error ?? '', /unexpected end of file/)
})

test('A1 an empty answer may name a coding', async t => {
  const url = await answering(t, 'gzip', Buffer.alloc(0))
  assert.deepEqual([(await ask(url)).transport, (await ask(url)).bytes], ['ok', 0])
})
