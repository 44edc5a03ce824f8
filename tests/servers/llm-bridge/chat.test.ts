// llm_chat and llm_embed: what is really sent to a provider, what comes back, and who is asked next.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {
  type Cleanup,
  callTool,
  hybridConfig,
  type Json,
  modernRequest,
  nowhere,
  ollamaModels,
  openaiKey,
  openaiModels,
  startBridge,
  until,
} from './rig.ts'

const messages = [
  {role: 'system', content: 'be short'},
  {role: 'user', content: 'hello'},
]

async function hybrid(t: Cleanup, change: (config: Json) => void = () => {}, env: Record<string, string> = {}) {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const config = hybridConfig(ollama.url, openai.url)
  change(config)
  const bridge = await startBridge(t, config, {OPENAI_API_KEY: openaiKey, ...env})
  return {ollama, openai, bridge}
}

test('D7 local only: a free local model answers in the form of Ollama', async t => {
  const ollama = await startOllama(t, ollamaModels)
  const config = hybridConfig(ollama.url, nowhere)
  config.providers.pop()
  config.defaultModels = {chat: 'llama3.1:8b', embedding: 'nomic-embed-text'}
  const bridge = await startBridge(t, config)

  const chat = await callTool(bridge, 'llm_chat', {messages, max_output_tokens: 50, temperature: 0.5})
  assert.equal(chat.value.text, 'ollama llama3.1:8b heard hello')
  assert.deepEqual([chat.value.cost, chat.value.estimated_cost, chat.value.fallback_used], [0, 0, false])
  assert.deepEqual(chat.value.usage, {input_tokens: 11, output_tokens: 7, estimated: false})
  assert.deepEqual(ollama.seen[0], {
    path: '/api/chat',
    authorization: undefined,
    body: {model: 'llama3.1:8b', messages, stream: false, options: {num_predict: 50, temperature: 0.5}},
  })

  const embedded = await callTool(bridge, 'llm_embed', {input: ['a', 'bcd']})
  assert.deepEqual(embedded.value.embeddings, [
    [1, 0.25, -0.5],
    [3, 0.25, -0.5],
  ])
  assert.equal(embedded.value.dimensions, 3)
  assert.deepEqual(ollama.seen[1]?.body, {model: 'nomic-embed-text', input: ['a', 'bcd']})
})

test('D4 a paid model answers in the form of OpenAI, and its cost is computed from the tokens used', async t => {
  const {bridge, openai, ollama} = await hybrid(t)
  const chat = await callTool(bridge, 'llm_chat', {messages, preferred_model: 'gpt-4o', max_output_tokens: 300})
  assert.equal(chat.value.text, 'openai gpt-4o heard hello')
  assert.equal(chat.value.cost, 0.0045)
  assert.equal(chat.text, 'Chat: openai_cloud/gpt-4o answered ($0.0045)')
  assert.deepEqual(openai.seen[0], {
    path: '/v1/chat/completions',
    authorization: `Bearer ${openaiKey}`,
    body: {model: 'gpt-4o', messages, stream: false, max_tokens: 300},
  })
  const embedded = await callTool(bridge, 'llm_embed', {input: ['a', 'bcd'], preferred_model: 'text-embedding-3-small'})
  assert.deepEqual(
    embedded.value.embeddings,
    [
      [1, 1],
      [3, 1],
    ],
    'in the order of the input, whatever the order of the answer',
  )
  assert.equal(embedded.value.cost, 0.00001)
  assert.equal(ollama.seen.length, 0)
})

test('D4 a request is never sent to a model that would cost more than the maximum', async t => {
  const {bridge, openai} = await hybrid(t)
  const call = {messages, preferred_model: 'gpt-4o', provider_id: 'openai_cloud', max_output_tokens: 1000}
  const cheaper = await callTool(bridge, 'llm_chat', {...call, max_cost: 0.005})
  assert.equal(cheaper.value.model_id, 'gpt-4o-mini')
  const none = await callTool(bridge, 'llm_chat', {...call, max_cost: 0.00001})
  assert.equal(none.isError, true)
  assert.match(none.text, /over the maximum of \$0\.00001/)
  assert.deepEqual(
    openai.seen.map(seen => seen.body.model),
    ['gpt-4o-mini'],
  )
})

test('D7 D8 hybrid: when the first provider fails, the next by priority answers, and the attempts are told', async t => {
  const {bridge, ollama} = await hybrid(t)
  for (const [behaviour, expected] of [
    [{kind: 'status', status: 500, body: {error: 'out of memory'}}, /HTTP 500: out of memory/],
    [{kind: 'status', status: 404, body: {error: "model 'llama3.1:8b' not found"}}, /HTTP 404: model .* not found/],
    [{kind: 'garbage'}, /not JSON/],
    [{kind: 'redirects', to: 'http://127.0.0.1:1/'}, /HTTP 307; redirects are not followed/],
  ] as const) {
    ollama.work = behaviour
    const {value} = await callTool(bridge, 'llm_chat', {messages})
    assert.equal(value.provider_id, 'openai_cloud')
    assert.equal(value.fallback_used, true)
    const [first, second] = value.attempts
    assert.deepEqual([first.provider_id, first.outcome], ['ollama_local', 'failed'])
    assert.match(first.reason, expected)
    assert.deepEqual([second.model_id, second.outcome, second.reason], ['gpt-4o-mini', 'answered', null])
  }
})

test('D7 without fallback the failure is an error that names the provider and the reason', async t => {
  const {bridge, ollama, openai} = await hybrid(t, () => {}, {LLM_BRIDGE_AUTO_FALLBACK: 'false'})
  ollama.work = {kind: 'status', status: 503, body: {error: 'busy'}}
  const {isError, text} = await callTool(bridge, 'llm_chat', {messages})
  assert.equal(isError, true)
  assert.match(text, /No provider answered\. ollama_local\/llama3\.1:8b failed: .*HTTP 503: busy/)
  assert.equal(openai.seen.length, 0)
  const asked = await callTool(bridge, 'llm_chat', {messages, allow_fallback: true})
  assert.equal(asked.value.provider_id, 'openai_cloud')
})

test('D7 a provider that hangs is given up at its own deadline', async t => {
  const {bridge, ollama} = await hybrid(t, config => {
    config.providers[0].timeoutMs = 200
  })
  ollama.work = {kind: 'hangs'}
  const {value} = await callTool(bridge, 'llm_chat', {messages})
  assert.match(value.attempts[0].reason, /no complete answer .* within 200 ms/)
  assert.equal(value.provider_id, 'openai_cloud')
})

test('a conversation never goes to a provider whose key is not set, and not twice to one that just failed', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  ollama.work = {kind: 'status', status: 500}
  const withoutKey = await startBridge(t, hybridConfig(ollama.url, openai.url))
  const {isError, text} = await callTool(withoutKey, 'llm_chat', {messages})
  assert.equal(isError, true)
  assert.match(text, /openai_cloud\/gpt-4o-mini skipped: environment variable OPENAI_API_KEY is not set/)
  assert.equal(openai.seen.length, 0)

  const {bridge, openai: paid} = await hybrid(t)
  paid.work = {kind: 'status', status: 429, body: {error: {message: 'slow down'}}}
  const call = {messages, provider_id: 'openai_cloud'}
  const limited = await callTool(bridge, 'llm_chat', call)
  assert.match(limited.text, /gpt-4o-mini failed: .*429: slow down; openai_cloud\/gpt-4o skipped: this provider failed/)
  assert.equal(paid.seen.length, 1)
})

test('D3 embeddings fall back to another provider of the same model, never to another model', async t => {
  const [first, second] = [await startOllama(t, ollamaModels), await startOllama(t, ollamaModels)]
  const openai = await startOpenai(t, openaiModels)
  const config = hybridConfig(first.url, openai.url)
  config.providers.push({...config.providers[0], name: 'ollama_spare', url: second.url, priority: 9})
  const bridge = await startBridge(t, config, {OPENAI_API_KEY: openaiKey})
  first.work = {kind: 'status', status: 500}
  const {value} = await callTool(bridge, 'llm_embed', {input: ['a']})
  assert.deepEqual([value.provider_id, value.model_id], ['ollama_spare', 'nomic-embed-text'])
  second.work = {kind: 'status', status: 500}
  const failed = await callTool(bridge, 'llm_embed', {input: ['a']})
  assert.equal(failed.isError, true)
  assert.equal(openai.seen.length, 0)
})

/** So that only the caller's going away can end the request. */
const slowToGiveUp = (config: Json) => {
  config.providers[0].timeoutMs = 60_000
}

test('a caller that goes away ends the request to the provider, and no other provider is asked', async t => {
  const {bridge, ollama, openai} = await hybrid(t, slowToGiveUp, {LLM_BRIDGE_BREAKER_THRESHOLD: '1'})
  ollama.work = {kind: 'hangs'}
  const goingAway = new AbortController()
  const call = modernRequest(
    bridge,
    'tools/call',
    {name: 'llm_chat', arguments: {messages}},
    {signal: goingAway.signal},
  )
  await until('the provider to be asked', 5000, async () => ollama.seen.length || undefined)
  goingAway.abort()
  await assert.rejects(call)
  await until(
    'the bridge to log the cancelled call',
    5000,
    async () => /The call was cancelled/.exec(bridge.output()) ?? undefined,
  )
  assert.equal(openai.seen.length, 0)
  const {value} = await callTool(bridge, 'llm_status', {provider_id: 'ollama_local'})
  assert.equal(value.providers[0].circuit_breaker_state, 'closed')
})
