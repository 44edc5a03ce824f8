import assert from 'node:assert/strict'
import {test} from 'node:test'
import {openMcp} from '../../../scripts/lib/mcp/client.ts'
import {startFixture} from './startFixture.ts'
import {sendJson, withHttp} from './withServer.ts'

const open = (url: string, era: 'auto' | 'legacy' | 'modern' = 'auto') => openMcp({url, era, timeoutMs: 3000})

test('a server of both eras is opened in the modern one', async () => {
  await using server = await startFixture('healthy')
  const result = await open(server.url)
  assert.ok(result.ok)
  assert.deepEqual([result.client.era, result.client.protocolVersion, result.asked.length], ['modern', '2026-07-28', 1])
})

test('a legacy server that answers server/discover with 404 and -32601 is legacy, not a modern one without the method', async () => {
  await using server = await startFixture('healthy', {ERA: 'legacy'})
  const result = await open(server.url)
  assert.ok(result.ok, result.outcome.summary)
  assert.equal(result.client.era, 'legacy')
  assert.deepEqual(
    result.asked.map(one => [one.kind, one.status, one.error?.code]),
    [
      ['rpc-error', 404, -32601],
      ['result', 200, undefined],
    ],
  )
  await result.client.close()
})

test('an era that is asked for and not there is told, not replaced', async () => {
  await using legacy = await startFixture('healthy', {ERA: 'legacy'})
  await using modern = await startFixture('healthy', {ERA: 'modern'})
  const noModern = await open(legacy.url, 'modern')
  const noLegacy = await open(modern.url, 'legacy')
  assert.deepEqual([noModern.ok, noModern.outcome.kind, noModern.asked.length], [false, 'rpc-error', 1])
  assert.deepEqual([noLegacy.ok, noLegacy.outcome.kind], [false, 'rpc-error'])
  assert.ok((await open(modern.url)).ok)
})

test('discover without a modern version is no modern server; an unknown version of initialize is wrong-era', async () => {
  await using server = await withHttp((message, _request, response) => {
    const result =
      message.method === 'initialize' ? {protocolVersion: '1999-01-01'} : {supportedVersions: ['2025-11-25']}
    sendJson(response, {jsonrpc: '2.0', id: message.id, result})
  })
  const result = await open(server.url)
  assert.equal(result.ok, false)
  assert.deepEqual(
    result.asked.map(one => one.kind),
    ['wrong-era', 'wrong-era'],
  )
  assert.match(result.outcome.summary, /protocolVersion "1999-01-01" is none of 2025-11-25/)
})

test('an error of the modern era (-32021) keeps the server modern: initialize is not tried', async () => {
  await using server = await withHttp((message, _request, response) =>
    sendJson(
      response,
      {jsonrpc: '2.0', id: message.id, error: {code: -32021, message: 'elicitation is required'}},
      400,
    ),
  )
  const result = await open(server.url)
  assert.deepEqual(
    result.asked.map(one => one.error?.code),
    [-32021],
  )
})

test('an older revision is accepted and its number is sent with every later request', async () => {
  const versions: unknown[] = []
  await using server = await withHttp((message, request, response) => {
    versions.push(request.headers['mcp-protocol-version'])
    if (message.id === undefined) return response.writeHead(202).end()
    sendJson(response, {jsonrpc: '2.0', id: message.id, result: {protocolVersion: '2025-03-26'}})
  })
  const result = await open(server.url, 'legacy')
  assert.ok(result.ok)
  await result.client.request('ping')
  assert.deepEqual(versions, [undefined, '2025-03-26', '2025-03-26'])
})

test('a server that refuses notifications/initialized is not open, and the session it made is ended', async () => {
  const deleted: unknown[] = []
  await using server = await withHttp((message, request, response) => {
    if (request.method === 'DELETE') deleted.push(request.headers['mcp-session-id'])
    if (message?.id === undefined) return response.writeHead(503).end()
    response.setHeader('mcp-session-id', 's1')
    sendJson(response, {jsonrpc: '2.0', id: message.id, result: {protocolVersion: '2025-11-25'}})
  })
  const result = await open(server.url, 'legacy')
  assert.deepEqual([result.ok, result.outcome.kind, result.outcome.status], [false, 'http-error', 503])
  assert.deepEqual(deleted, ['s1'])
})
