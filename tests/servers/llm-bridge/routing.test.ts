// llm_routing and llm_models against real HTTP providers.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {
  type Cleanup,
  callTool,
  hybridConfig,
  type Json,
  ollamaModels,
  openaiKey,
  openaiModels,
  startBridge,
} from './rig.ts'

async function hybrid(t: Cleanup, change: (config: Json) => void = () => {}) {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const config = hybridConfig(ollama.url, openai.url)
  change(config)
  const bridge = await startBridge(t, config, {OPENAI_API_KEY: openaiKey})
  return {ollama, openai, bridge}
}

test('D2 llm_routing gives the documented answer for the documented request', async t => {
  const {bridge} = await hybrid(t)
  const {text, value} = await callTool(bridge, 'llm_routing', {
    task: 'chat_smart',
    preferred_model: 'gpt-4o',
    max_cost: 0.05,
  })
  assert.equal(text, 'Routing: openai_cloud/gpt-4o ($0.0125)')
  const {provider_id, model_id, estimated_cost, reason, provider_type} = value
  assert.deepEqual(
    {provider_id, model_id, estimated_cost, reason, provider_type},
    {
      provider_id: 'openai_cloud',
      model_id: 'gpt-4o',
      estimated_cost: 0.0125,
      reason: 'Preferred model available',
      provider_type: 'openai',
    },
  )
  assert.equal(value.available, true)
})

test('D2 D4 a preferred model over the maximum cost is never chosen, and the reason says why', async t => {
  const {bridge} = await hybrid(t)
  const {value} = await callTool(bridge, 'llm_routing', {task: 'chat_smart', preferred_model: 'gpt-4o', max_cost: 0.01})
  assert.equal(value.model_id, 'gpt-4o-mini')
  assert.equal(
    value.reason,
    'Default model for chat_smart; preferred model gpt-4o would cost $0.0125, over the maximum of $0.01',
  )
  assert.deepEqual(value.rejected, [
    {provider_id: 'openai_cloud', model_id: 'gpt-4o', reason: 'would cost $0.0125, over the maximum of $0.01'},
  ])
})

test('D2 the configured maximum holds when the caller asks for more', async t => {
  const {bridge} = await hybrid(t, config => {
    config.routing = {maximumCostPerRequest: 0.001}
  })
  const {value} = await callTool(bridge, 'llm_routing', {task: 'chat_smart', preferred_model: 'gpt-4o', max_cost: 5})
  assert.equal(value.model_id, 'gpt-4o-mini')
})

test('D2 nothing within the maximum is an error that names every model and its cost', async t => {
  const {bridge} = await hybrid(t)
  const arguments_ = {task: 'chat', provider_id: 'openai_cloud', max_cost: 0.0001}
  const {isError, text} = await callTool(bridge, 'llm_routing', arguments_)
  assert.equal(isError, true)
  assert.match(text, /gpt-4o would cost \$0\.0125.*gpt-4o-mini would cost \$0\.00075.*maximum of \$0\.0001/)
})

test('D3 unknown and unfitting models are errors that list the known ones', async t => {
  const {bridge} = await hybrid(t)
  const unknown = await callTool(bridge, 'llm_routing', {task: 'chat', preferred_model: 'gpt-9'})
  assert.equal(unknown.isError, true)
  assert.equal(unknown.text, 'Unknown model "gpt-9". Known models: llama3.1:8b, gpt-4o, gpt-4o-mini.')
  const unfitting = await callTool(bridge, 'llm_routing', {task: 'chat', preferred_model: 'nomic-embed-text'})
  assert.equal(unfitting.isError, true)
  assert.match(unfitting.text, /is for embedding; chat needs one for chat: llama3\.1:8b/)
})

test('D3 routing for embedding and chat takes the default models', async t => {
  const {bridge} = await hybrid(t)
  const embedding = await callTool(bridge, 'llm_routing', {task: 'embedding', max_cost: 0.001})
  assert.deepEqual(
    [embedding.value.provider_id, embedding.value.model_id, embedding.value.estimated_cost],
    ['ollama_local', 'nomic-embed-text', 0],
  )
  assert.deepEqual(embedding.value.fallbacks, [], 'vectors of another model cannot be compared')
  const chat = await callTool(bridge, 'llm_routing', {task: 'chat_fast'})
  assert.equal(chat.value.model_id, 'llama3.1:8b')
  const fallbacks = chat.value.fallbacks.map((item: Json) => item.model_id)
  assert.deepEqual(fallbacks, ['gpt-4o-mini', 'gpt-4o'])
})

test('D3 a model that is not available now is passed over, unless the caller wants no fallback', async t => {
  const {bridge, ollama} = await hybrid(t)
  await ollama.close()
  const {value} = await callTool(bridge, 'llm_routing', {task: 'chat'})
  assert.deepEqual([value.model_id, value.available], ['gpt-4o-mini', true])
  assert.match(value.reason, /ollama_local\/llama3\.1:8b is passed over: cannot reach/)
  const strict = await callTool(bridge, 'llm_routing', {task: 'chat', allow_fallback: false})
  assert.deepEqual([strict.value.model_id, strict.value.available], ['llama3.1:8b', false])
  assert.deepEqual(strict.value.fallbacks, [])
})

test('D7 without a preferred or default model, priority decides before cost', async t => {
  const {bridge} = await hybrid(t, config => {
    config.defaultModels = {}
    config.providers[1].priority = 0
  })
  const {value} = await callTool(bridge, 'llm_routing', {task: 'chat'})
  assert.deepEqual([value.model_id, value.reason], ['gpt-4o-mini', 'Next model by provider priority'])
  assert.deepEqual(
    value.fallbacks.map((item: Json) => item.model_id),
    ['gpt-4o', 'llama3.1:8b'],
  )
})

test('D4 cheapest, and cheapest within a budget', async t => {
  const {bridge} = await hybrid(t)
  const cheapest = await callTool(bridge, 'llm_routing', {task: 'chat_smart', strategy: 'cheapest'})
  assert.deepEqual([cheapest.value.model_id, cheapest.value.estimated_cost], ['llama3.1:8b', 0])
  const paid = {task: 'chat_smart', strategy: 'cheapest', provider_id: 'openai_cloud', max_cost: 0.001}
  const within = await callTool(bridge, 'llm_routing', paid)
  assert.deepEqual([within.value.model_id, within.value.reason], ['gpt-4o-mini', 'Cheapest model within $0.001'])
})

test('D2 a model whose context is too small is ruled out', async t => {
  const {bridge} = await hybrid(t, config => {
    config.providers[0].models[0] = {...config.providers[0].models[0], contextTokens: 500}
  })
  const {value} = await callTool(bridge, 'llm_routing', {task: 'chat', input_tokens: 400, output_tokens: 101})
  assert.equal(value.model_id, 'gpt-4o-mini')
  assert.equal(value.rejected[0].reason, 'holds 500 tokens, and 501 are needed')
})

test('D3 llm_models lists every model with price, availability and what it is the default for', async t => {
  const {bridge} = await hybrid(t)
  const {text, value} = await callTool(bridge, 'llm_models')
  assert.equal(text, 'LLM Models: 5 total, 5 available')
  const names = value.models.map((model: Json) => model.model_id)
  assert.deepEqual(names, [...ollamaModels.map(name => name.replace(':latest', '')), ...openaiModels])
  const llama = value.models[0]
  assert.deepEqual([llama.default_for, llama.context_tokens, llama.available], [['chat', 'chat_fast'], null, true])
  const embedding = await callTool(bridge, 'llm_models', {purpose: 'embedding', provider_id: 'openai_cloud'})
  assert.deepEqual(
    embedding.value.models.map((model: Json) => model.model_id),
    ['text-embedding-3-small'],
  )
})
