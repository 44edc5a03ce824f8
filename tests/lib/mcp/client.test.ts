import assert from 'node:assert/strict'
import {test} from 'node:test'
import {type OpenMcpOptions, openMcp} from '../../../scripts/lib/mcp/client.ts'
import type {McpClient} from '../../../scripts/lib/mcp/connect.ts'
import type {JsonObject, RpcError} from '../../../scripts/lib/mcp/jsonRpc.ts'
import {startFixture} from './startFixture.ts'
import {type Received, sendJson, withHttp} from './withServer.ts'

async function opened(url: string, more: Partial<OpenMcpOptions> = {}): Promise<McpClient> {
  const result = await openMcp({url, timeoutMs: 5000, ...more})
  assert.ok(result.ok, result.outcome.summary)
  return result.client
}

for (const era of ['legacy', 'modern'] as const) {
  test(`a healthy server opens, lists, answers and closes in the ${era} era`, async () => {
    await using server = await startFixture('healthy')
    const client = await opened(server.url, {era})
    assert.equal(client.era, era)
    assert.equal(client.serverInfo?.name, 'fixture')
    assert.equal(client.sessionId !== undefined, era === 'legacy')
    const {tools, outcome} = await client.listTools()
    assert.equal(outcome.kind, 'result')
    assert.deepEqual(
      tools.map(tool => tool.name),
      ['add', 'echo'],
    )
    // The fixture refuses a modern call whose Mcp-Name or Mcp-Param-Message does not mirror the body.
    const call = await client.callTool('echo', {message: 'Grüße '})
    assert.equal(call.kind, 'result', call.summary)
    assert.deepEqual(call.result?.structuredContent, {message: 'Grüße '})
    assert.equal((await client.ping?.())?.kind, era === 'legacy' ? 'result' : undefined)
    const closed = await client.close()
    assert.equal(closed.sessionDeleted, era === 'legacy')
    assert.equal((await client.close()).status, closed.status)
    if (era === 'legacy') {
      const after = await client.request('tools/list')
      assert.deepEqual([after.kind, after.status], ['rpc-error', 404])
    }
  })
}

test('a modern call without the listed schema is refused by the server, and told so', async () => {
  await using server = await startFixture('healthy')
  const client = await opened(server.url, {era: 'modern'})
  const call = await client.callTool('echo', {message: 'a'})
  assert.deepEqual([call.kind, call.status, call.error?.code], ['rpc-error', 400, -32020])
})

test('every page of the list is read, with the cache hints of the first', async () => {
  await using server = await startFixture('healthy', {PAGE_SIZE: '1'})
  const {tools, pages, ttlMs, cacheScope} = await (await opened(server.url)).listTools()
  assert.deepEqual([tools.map(tool => tool.name), pages, ttlMs, cacheScope], [['add', 'echo'], 2, 60000, 'public'])
})

test('a list that has no end is bad-result, whether its cursor repeats or changes', async () => {
  for (const [cursor, asked] of [
    [() => 'same', 2],
    [String, 50],
  ] as const) {
    let pages = 0
    await using server = await withHttp((message, _request, response) => {
      const result =
        message.method === 'tools/list'
          ? {tools: [{name: `t${pages}`}], nextCursor: cursor(pages++)}
          : {supportedVersions: ['2026-07-28']}
      sendJson(response, {jsonrpc: '2.0', id: message.id, result})
    })
    const {outcome} = await (await opened(server.url)).listTools()
    assert.equal(outcome.kind, 'bad-result', outcome.summary)
    assert.equal(pages, asked)
  }
})

test('a list without tools and a tool without a name are bad-result', async () => {
  for (const result of [
    {},
    {tools: 'none'},
    {tools: [{title: 'nameless'}]},
    {tools: [null]},
    {tools: [], nextCursor: 4},
  ]) {
    await using server = await withHttp((message, _request, response) =>
      sendJson(response, {
        jsonrpc: '2.0',
        id: message.id,
        result: message.method === 'tools/list' ? result : {supportedVersions: ['2026-07-28']},
      }),
    )
    const {outcome} = await (await opened(server.url)).listTools()
    assert.equal(outcome.kind, 'bad-result', JSON.stringify(result))
  }
})

test('ids are never used twice, and every modern request carries its envelope', async () => {
  const ids: unknown[] = []
  await using server = await withHttp((message, _request, response) => {
    ids.push(message.id)
    const meta = message.params._meta as JsonObject
    assert.equal(meta['io.modelcontextprotocol/protocolVersion'], '2026-07-28')
    assert.deepEqual(meta['io.modelcontextprotocol/clientCapabilities'], {sampling: {}})
    assert.equal((meta['io.modelcontextprotocol/clientInfo'] as JsonObject).name, 'seaworthy')
    assert.equal(meta.trace, message.method === 'x/y' ? 'kept' : undefined)
    sendJson(response, {jsonrpc: '2.0', id: message.id, result: {supportedVersions: ['2026-07-28']}})
  })
  const client = await opened(server.url, {capabilities: {sampling: {}}})
  const outcomes = await Promise.all([
    client.request('x/y', {_meta: {trace: 'kept'}}),
    client.request('a/b'),
    client.request('a/b'),
  ])
  assert.deepEqual(
    outcomes.map(outcome => outcome.kind),
    ['result', 'result', 'result'],
  )
  assert.equal(new Set(ids).size, 4)
})

test('a legacy call that passes its deadline or is cancelled is taken back, and the session lives on', async () => {
  const taken: unknown[] = []
  await using server = await withHttp((message, request, response) => {
    if (request.method === 'DELETE') return response.end()
    if (message.method === 'notifications/cancelled') taken.push(message.params)
    if (message.id === undefined) return response.writeHead(202).end()
    if (message.method === 'tools/call') return
    response.setHeader('mcp-session-id', 's1')
    sendJson(response, {jsonrpc: '2.0', id: message.id, result: {protocolVersion: '2025-11-25'}})
  })
  const client = await opened(server.url, {era: 'legacy'})
  assert.equal((await client.callTool('slow', {}, {timeoutMs: 50})).kind, 'deadline')
  assert.equal((await client.callTool('slow', {}, {signal: AbortSignal.timeout(50)})).kind, 'cancelled')
  assert.equal((await client.request('ping')).kind, 'result')
  assert.equal((await client.close()).sessionDeleted, true)
  assert.deepEqual(taken, [
    {requestId: 2, reason: 'deadline'},
    {requestId: 3, reason: 'cancelled'},
  ])
})

test('a legacy server that asks the client something in the middle of a call is answered', async () => {
  const answers: Received[] = []
  let answered = () => {}
  await using server = await withHttp((message, request, response) => {
    if (request.method === 'DELETE') return response.end()
    if (message.method === undefined) {
      answers.push(message)
      if (answers.length === 2) answered()
    }
    if (message.id === undefined || message.method === undefined) return response.writeHead(202).end()
    if (message.method !== 'tools/call')
      return sendJson(response, {jsonrpc: '2.0', id: message.id, result: {protocolVersion: '2025-06-18'}})
    response.writeHead(200, {'content-type': 'text/event-stream'})
    for (const [id, method] of [
      ['p', 'ping'],
      ['r', 'roots/list'],
    ])
      response.write(`data: ${JSON.stringify({jsonrpc: '2.0', id, method})}\n\n`)
    answered = () => response.end(`data: ${JSON.stringify({jsonrpc: '2.0', id: message.id, result: {}})}\n\n`)
  })
  const client = await opened(server.url, {era: 'legacy'})
  assert.equal((await client.callTool('asks', {})).kind, 'result')
  await client.close()
  assert.deepEqual(answers.map(answer => [answer.id, answer.result ?? (answer.error as RpcError).code]).sort(), [
    ['p', {}],
    ['r', -32601],
  ])
})

test('cancelling the whole client ends what it waits for; its session is still deleted', async () => {
  await using server = await startFixture('healthy')
  const controller = new AbortController()
  const client = await opened(server.url, {era: 'legacy', signal: controller.signal})
  setTimeout(() => controller.abort(), 50)
  const call = await client.callTool('echo', {message: 'a', waitMs: 4000})
  assert.equal(call.kind, 'cancelled')
  assert.equal((await client.close()).sessionDeleted, true)
})
