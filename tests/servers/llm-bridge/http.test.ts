// The HTTP side: who may come in, health that tells the truth, metrics, and no secret anywhere.
import assert from 'node:assert/strict'
import {request as httpRequest} from 'node:http'
import {test} from 'node:test'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {
  type Bridge,
  callTool,
  hybridConfig,
  type Json,
  modernRequest,
  nowhere,
  ollamaModels,
  openaiKey,
  openaiModels,
  startBridge,
} from './rig.ts'

const apiKey = 'bridge-key-93a1'

/** A GET by node:http, because fetch does not let a caller choose its Host. */
function get(bridge: Bridge, path: string, headers: Record<string, string>): Promise<{status: number; text: string}> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${bridge.url}${path}`, {headers, timeout: 5000}, async response => {
      const text = Buffer.concat(await response.toArray()).toString()
      resolve({status: response.statusCode ?? 0, text})
    })
    request.on('error', reject)
    request.end()
  })
}

test('D7 with an API key: only callers who present it reach /mcp and /metrics', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere), {LLM_BRIDGE_API_KEY: apiKey})
  const status = async (headers: Record<string, string>) =>
    modernRequest(bridge, 'tools/call', {name: 'llm_status', arguments: {}}, {headers})
  for (const headers of [
    {},
    {authorization: 'Bearer wrong'},
    {authorization: `Bearer ${apiKey}x`},
    {authorization: `Basic ${apiKey}`},
    {authorization: 'Bearer '},
    {'x-api-key': 'wrong'},
  ] as Record<string, string>[]) {
    const refused = await status(headers)
    assert.equal(refused.status, 401, JSON.stringify(headers))
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="llm-bridge"')
  }
  for (const headers of [
    {authorization: `Bearer ${apiKey}`},
    {authorization: `bearer ${apiKey}`},
    {'x-api-key': apiKey},
  ] as Record<string, string>[]) {
    const accepted = await status(headers)
    assert.equal(accepted.status, 200, JSON.stringify(headers))
    assert.match(await accepted.text(), /LLM Providers: 2 total/)
  }
  assert.equal((await fetch(`${bridge.url}/metrics`)).status, 401)
  assert.equal((await fetch(`${bridge.url}/metrics`, {headers: {authorization: `Bearer ${apiKey}`}})).status, 200)

  const open = await fetch(`${bridge.url}/health`)
  assert.equal(open.status, 200)
  const report: Json = await open.json()
  assert.deepEqual(
    report.providers.details.map((detail: {reason: unknown}) => detail.reason),
    [null, null],
    'reasons name addresses and variables: not for strangers',
  )
  assert.equal(report.ready_reason, 'none of 2 providers can serve a model now')
})

test('foreign Origin and Host are refused with 403', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere), {
    LLM_BRIDGE_ALLOWED_HOSTS: 'bridge.example, other.example',
  })
  const withHost = async (host: string) => (await get(bridge, '/metrics', {host})).status
  assert.equal(await withHost('evil.example'), 403)
  assert.equal(await withHost('evil.example:5001'), 403)
  assert.equal(await withHost('localhost:9'), 200)
  assert.equal(await withHost('bridge.example'), 200)
  assert.equal((await get(bridge, '/mcp', {host: 'evil.example'})).status, 403)

  const withOrigin = async (origin: string, path: string) => (await get(bridge, path, {origin})).status
  for (const path of ['/mcp', '/metrics', '/health'])
    assert.equal(await withOrigin('http://evil.example', path), 403, path)
  assert.equal(await withOrigin('null', '/metrics'), 403)
  assert.equal(await withOrigin('http://localhost:3000', '/metrics'), 200)
  assert.equal((await get(bridge, '/health', {host: '10.0.0.7:5001'})).status, 200, 'orchestrators probe by address')
})

test('/health is the bridge itself, /health/ready is whether anybody can serve', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url))
  const both = async () => {
    const health = await fetch(`${bridge.url}/health`)
    const ready = await fetch(`${bridge.url}/health/ready`)
    return {
      health: {status: health.status, body: (await health.json()) as Json},
      ready: {status: ready.status, body: (await ready.json()) as Json},
    }
  }
  const good = await both()
  assert.deepEqual([good.health.status, good.ready.status], [200, 200])
  const {status, ready, ready_reason, providers} = good.health.body
  assert.deepEqual([status, ready, ready_reason], ['ok', true, null])
  assert.deepEqual([providers.total, providers.reachable, providers.healthy], [2, 1, 1])

  await ollama.close()
  const bad = await both()
  assert.deepEqual([bad.health.status, bad.ready.status], [200, 503])
  assert.deepEqual([bad.ready.body.status, bad.ready.body.ready, bad.ready.body.providers.reachable], ['ok', false, 0])
  assert.match(
    bad.ready.body.ready_reason,
    /none of 2 providers can serve .*ollama_local: cannot reach .*openai_cloud: environment/,
  )
})

test('/health answers at once when a provider hangs', async t => {
  const ollama = await startOllama(t, ollamaModels)
  ollama.listing = {kind: 'hangs'}
  const config = hybridConfig(ollama.url, nowhere)
  config.health = {timeoutMs: 10_000, maximumAgeMs: 0}
  const bridge = await startBridge(t, config)
  const startedAtMs = Date.now()
  const report: Json = await (await fetch(`${bridge.url}/health`)).json()
  assert.ok(Date.now() - startedAtMs < 3000)
  assert.equal(report.status, 'ok')
  assert.equal(report.ready, false)
  assert.equal(report.providers.details[0].reason, 'not checked yet')
})

test('other paths and methods are told what there is', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere))
  const other = await fetch(`${bridge.url}/other`)
  assert.equal(other.status, 404)
  assert.deepEqual(((await other.json()) as Json).endpoints, ['/mcp', '/health', '/health/ready', '/metrics'])
  for (const path of ['/health', '/metrics']) {
    const posted = await fetch(`${bridge.url}${path}`, {method: 'POST'})
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD'])
  }
  assert.equal((await fetch(`${bridge.url}/health`, {method: 'HEAD'})).status, 200)
})

test('/metrics counts requests, failures, latency, breaker state and cost of each provider', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url), {OPENAI_API_KEY: openaiKey})
  const metrics = async () => {
    const response = await fetch(`${bridge.url}/metrics`)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    return response.text()
  }
  const before = await metrics()
  assert.match(before, /llm_bridge_provider_requests_total\{provider="openai_cloud",operation="chat"\} 0/)
  const messages = [{role: 'user', content: 'hi'}]
  await callTool(bridge, 'llm_chat', {messages, preferred_model: 'gpt-4o'})
  ollama.work = {kind: 'status', status: 500}
  await callTool(bridge, 'llm_chat', {messages})
  const after = await metrics()
  for (const line of [
    'llm_bridge_provider_requests_total{provider="openai_cloud",operation="chat"} 2',
    'llm_bridge_provider_requests_total{provider="ollama_local",operation="chat"} 1',
    'llm_bridge_provider_failures_total{provider="ollama_local",operation="chat",reason="server_error"} 1',
    'llm_bridge_provider_request_duration_seconds_count{provider="openai_cloud",operation="chat"} 2',
    'llm_bridge_breaker_state{provider="ollama_local"} 0',
    'llm_bridge_provider_up{provider="openai_cloud"} 1',
    'llm_bridge_cost_dollars_total{provider="openai_cloud",model="gpt-4o"} 0.0045',
    'llm_bridge_cost_dollars_total{provider="openai_cloud",model="gpt-4o-mini"} 0.00027',
    'llm_bridge_tokens_total{provider="openai_cloud",model="gpt-4o",direction="input"} 1000',
    'llm_bridge_fallbacks_total 1',
    'llm_bridge_tool_calls_total{tool="llm_chat",outcome="ok"} 2',
  ])
    assert.ok(after.includes(`${line}\n`), `missing: ${line}`)
})

test('no secret and no prompt is in logs, metrics, health or results, even when a provider repeats its key', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const secrets = {OPENAI_API_KEY: openaiKey, LLM_BRIDGE_API_KEY: apiKey}
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url), secrets)
  const headers = {authorization: `Bearer ${apiKey}`}
  const prompt = 'the colour of the vault is mauve'
  const args = {messages: [{role: 'user', content: prompt}], provider_id: 'openai_cloud'}
  const told: string[] = []
  for (const status of [400, 401, 500]) {
    openai.work = {kind: 'status', status, body: {error: {message: `bad key ${openaiKey} (caller ${apiKey})`}}}
    openai.listing = openai.work
    for (const name of ['llm_chat', 'llm_status']) {
      const response = await modernRequest(
        bridge,
        'tools/call',
        {name, arguments: name === 'llm_chat' ? args : {}},
        {headers},
      )
      told.push(await response.text())
    }
  }
  told.push(await (await fetch(`${bridge.url}/metrics`, {headers})).text())
  told.push(await (await fetch(`${bridge.url}/health`, {headers})).text())
  told.push(bridge.output())
  assert.ok(openai.seen.length >= 3 && openai.seen.every(seen => seen.authorization === `Bearer ${openaiKey}`))
  assert.match(told.join('\n'), /bad key \[secret\] \(caller \[secret\]\)/)
  assert.match(told.join('\n'), /HTTP 401; check OPENAI_API_KEY/)
  for (const secret of [openaiKey, apiKey, prompt]) assert.ok(!told.join('\n').includes(secret), secret)
})
