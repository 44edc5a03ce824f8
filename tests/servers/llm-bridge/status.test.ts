// llm_status against real HTTP providers.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {callTool, hybridConfig, type Json, nowhere, ollamaModels, openaiKey, openaiModels, startBridge} from './rig.ts'

test('D1 llm_status answers in the documented shape', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url), {OPENAI_API_KEY: openaiKey})
  const {text, value} = await callTool(bridge, 'llm_status')
  assert.equal(text, 'LLM Providers: 2 total, 2 healthy')
  const documented = value.providers.map((provider: Json) => ({
    provider_id: provider.provider_id,
    provider_type: provider.provider_type,
    status: provider.status,
    models_count: provider.models_count,
    circuit_breaker_state: provider.circuit_breaker_state,
  }))
  assert.deepEqual(documented, [
    {
      provider_id: 'ollama_local',
      provider_type: 'ollama',
      status: 'healthy',
      models_count: 2,
      circuit_breaker_state: 'closed',
    },
    {
      provider_id: 'openai_cloud',
      provider_type: 'openai',
      status: 'healthy',
      models_count: 3,
      circuit_breaker_state: 'closed',
    },
  ])
  assert.deepEqual([value.total_providers, value.healthy_providers, value.total_models], [2, 2, 5])
  assert.deepEqual(value.providers[0].available_models, ['llama3.1:8b', 'nomic-embed-text'])
  assert.equal(value.providers[0].reason, null)
})

test('D1 llm_status of one provider, and of one that nobody knows', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url), {OPENAI_API_KEY: openaiKey})
  const {text, value} = await callTool(bridge, 'llm_status', {provider_id: 'openai_cloud'})
  assert.equal(text, 'LLM Providers: 1 total, 1 healthy')
  assert.deepEqual(
    value.providers.map((provider: Json) => provider.provider_id),
    ['openai_cloud'],
  )
  assert.deepEqual([value.total_providers, value.total_models], [1, 3])
  const unknown = await callTool(bridge, 'llm_status', {provider_id: 'nobody'})
  assert.equal(unknown.isError, true)
  assert.match(unknown.text, /Unknown provider "nobody".*ollama_local, openai_cloud/)
})

test('D1 D3 health is told with its reason, and follows the provider', async t => {
  const [ollama, openai] = [await startOllama(t, ['llama3.1:8b']), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url))
  const status = async (id: string) => (await callTool(bridge, 'llm_status', {provider_id: id})).value.providers[0]

  const degraded = await status('ollama_local')
  assert.deepEqual([degraded.status, degraded.reason], ['degraded', 'does not list nomic-embed-text'])
  const withoutKey = await status('openai_cloud')
  assert.deepEqual(
    [withoutKey.status, withoutKey.reason],
    ['unhealthy', 'environment variable OPENAI_API_KEY is not set'],
  )
  assert.equal(openai.listings, 0, 'a provider without its key is not asked')

  ollama.listing = {kind: 'status', status: 500, body: {error: 'disk full'}}
  const failing = await status('ollama_local')
  assert.equal(failing.status, 'unhealthy')
  assert.match(failing.reason, /HTTP 500: disk full/)
  ollama.listing = {kind: 'hangs'}
  assert.match((await status('ollama_local')).reason, /no complete answer .* within 1000 ms/)
  ollama.listing = {kind: 'garbage'}
  assert.match((await status('ollama_local')).reason, /not JSON/)
  await ollama.close()
  assert.match((await status('ollama_local')).reason, /ECONNREFUSED/)
})

test('D1 on a machine where nothing listens the bridge says so, and its tools still answer', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, `${nowhere}/v1`))
  const {isError, text, value} = await callTool(bridge, 'llm_status')
  assert.equal(isError, false)
  assert.equal(text, 'LLM Providers: 2 total, 0 healthy')
  assert.deepEqual([value.healthy_providers, value.total_models], [0, 5])
  const routing = await callTool(bridge, 'llm_routing', {task: 'chat'})
  assert.equal(routing.value.available, false)
  assert.match(routing.value.reason, /^Default model for chat; not available now: cannot reach/)
})
