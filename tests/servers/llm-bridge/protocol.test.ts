// The MCP side by plain HTTP, in both protocol eras, and by the official client as a second opinion.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import {Ajv2020} from 'ajv/dist/2020.js'
import {eventOf, hybridConfig, type Json, legacyRequest, modernRequest, nowhere, startBridge} from './rig.ts'

const names = ['llm_status', 'llm_routing', 'llm_models', 'llm_cost', 'llm_chat', 'llm_embed']
const offline = hybridConfig(nowhere, nowhere)

test('modern era: discover, list and call, each in one stateless request', async t => {
  const bridge = await startBridge(t, offline)
  const discovered: Json = await (await modernRequest(bridge, 'server/discover')).json()
  assert.deepEqual(discovered.result.supportedVersions, ['2026-07-28'])
  assert.deepEqual(discovered.result.capabilities, {tools: {listChanged: false}})
  assert.equal(discovered.result._meta['io.modelcontextprotocol/serverInfo'].name, 'llm-bridge')

  const listed: Json = await (await modernRequest(bridge, 'tools/list')).json()
  assert.deepEqual(
    listed.result.tools.map((tool: Json) => tool.name),
    names,
  )
  assert.deepEqual([listed.result.ttlMs, listed.result.cacheScope], [60_000, 'public'])

  const called = await modernRequest(bridge, 'tools/call', {name: 'llm_status', arguments: {}})
  assert.equal(called.headers.get('content-type'), 'application/json')
  assert.equal(called.headers.get('mcp-session-id'), null)
  const {result}: Json = await called.json()
  assert.equal(result.resultType, 'complete')
  assert.deepEqual(JSON.parse(result.content[1].text), result.structuredContent)
})

test('modern era: headers that disagree with the body, and unknown methods and tools, are refused', async t => {
  const bridge = await startBridge(t, offline)
  const call = {name: 'llm_status', arguments: {}}
  const mismatch = await modernRequest(bridge, 'tools/call', call, {headers: {'mcp-name': 'llm_chat'}})
  assert.deepEqual([mismatch.status, ((await mismatch.json()) as Json).error.code], [400, -32_020])
  const method = await modernRequest(bridge, 'tools/erase')
  assert.deepEqual([method.status, ((await method.json()) as Json).error.code], [404, -32_601])
  const tool: Json = await (await modernRequest(bridge, 'tools/call', {name: 'llm_erase', arguments: {}})).json()
  assert.equal(tool.error?.code, -32_602)
  const args: Json = await (
    await modernRequest(bridge, 'tools/call', {name: 'llm_routing', arguments: {task: 'paint'}})
  ).json()
  assert.equal(args.result.isError, true)
  assert.match(args.result.content[0].text, /task/)
})

test('legacy era: initialize, list and call answer the same contract', async t => {
  const bridge = await startBridge(t, offline)
  const started = await eventOf(
    await legacyRequest(bridge, 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: {name: 'test', version: '1'},
    }),
  )
  assert.equal(started.result.protocolVersion, '2025-11-25')
  assert.equal(started.result.serverInfo.name, 'llm-bridge')
  const listed = await eventOf(await legacyRequest(bridge, 'tools/list'))
  const modern: Json = await (await modernRequest(bridge, 'tools/list')).json()
  assert.deepEqual(listed.result.tools, modern.result.tools)
  const called = await eventOf(
    await legacyRequest(bridge, 'tools/call', {name: 'llm_cost', arguments: {input_tokens: 1}}),
  )
  assert.equal(called.result.structuredContent.currency, 'USD')
})

test('every tool has annotations, and results fit the output schemas by another validator', async t => {
  const bridge = await startBridge(t, offline)
  const {result}: Json = await (await modernRequest(bridge, 'tools/list')).json()
  const readOnly = result.tools.filter((tool: Json) => tool.annotations.readOnlyHint).map((tool: Json) => tool.name)
  assert.deepEqual(readOnly, ['llm_status', 'llm_routing', 'llm_models', 'llm_cost'])
  const open = result.tools.filter((tool: Json) => tool.annotations.openWorldHint).map((tool: Json) => tool.name)
  assert.deepEqual(
    open,
    names.filter(name => name !== 'llm_cost'),
    'only llm_cost asks nobody',
  )
  const calls = {llm_status: {}, llm_routing: {task: 'chat'}, llm_models: {}, llm_cost: {input_tokens: 5, task: 'chat'}}
  for (const [name, args] of Object.entries(calls)) {
    const {outputSchema} = result.tools.find((tool: Json) => tool.name === name)
    const called: Json = await (await modernRequest(bridge, 'tools/call', {name, arguments: args})).json()
    const validate = new Ajv2020({strict: false}).compile(outputSchema)
    assert.ok(validate(called.result.structuredContent), `${name}: ${JSON.stringify(validate.errors)}`)
  }
})

for (const mode of ['legacy', 'auto'] as const)
  test(`the official client, negotiation ${mode}, calls a tool`, async t => {
    const bridge = await startBridge(t, offline)
    const client = new Client({name: 'test', version: '1'}, {versionNegotiation: {mode}})
    await client.connect(new StreamableHTTPClientTransport(new URL(`${bridge.url}/mcp`)))
    t.after(() => client.close())
    const {tools} = await client.listTools()
    assert.equal(tools.length, names.length)
    const result: Json = await client.callTool({name: 'llm_routing', arguments: {task: 'embedding'}})
    assert.equal(result.structuredContent.model_id, 'nomic-embed-text')
  })
