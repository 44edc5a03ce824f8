// The bridge with a real provider, where there is one.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {callTool, embeddingSmall, gpt4oMini, type Json, startBridge} from './rig.ts'

const free = {inputCostPerMillionTokens: 0, outputCostPerMillionTokens: 0}
const {OLLAMA_HOST, OPENAI_API_KEY, OPENAI_BASE_URL} = process.env

/** Ollama's own forms: `host:port`, `http://host:port`, and the address to listen on. */
function ollamaUrl(host: string): string {
  const url = /^https?:\/\//.test(host) ? host : `http://${host}`
  return url.replace('//0.0.0.0', '//127.0.0.1')
}

test('D5 a real Ollama: health, embedding and chat', {
  skip: OLLAMA_HOST ? false : 'OLLAMA_HOST is not set',
}, async t => {
  const url = ollamaUrl(OLLAMA_HOST ?? '')
  const {models}: Json = await (await fetch(`${url}/api/tags`, {signal: AbortSignal.timeout(5000)})).json()
  const names: string[] = models.map((model: {name: string}) => model.name)
  const embedding = names.find(name => name.includes('embed'))
  const chat = names.find(name => !name.includes('embed'))
  if (embedding === undefined || chat === undefined)
    return t.skip(`this Ollama has ${names.join(', ') || 'no models'}: one to embed and one to chat are needed`)
  const bridge = await startBridge(t, {
    providers: [
      {
        name: 'ollama',
        kind: 'ollama',
        url,
        models: [
          {name: chat, purpose: 'chat', ...free},
          {name: embedding, purpose: 'embedding', ...free},
        ],
      },
    ],
  })
  assert.equal((await callTool(bridge, 'llm_status')).value.healthy_providers, 1)
  const embedded = await callTool(bridge, 'llm_embed', {input: ['one', 'two']})
  assert.equal(embedded.value.embeddings.length, 2)
  const messages = [{role: 'user', content: 'Say yes.'}]
  const answer = await callTool(bridge, 'llm_chat', {messages, max_output_tokens: 20})
  assert.equal(answer.isError, false, answer.text)
  assert.equal(answer.value.cost, 0)
})

const noKey = OPENAI_API_KEY ? false : 'OPENAI_API_KEY is not set'
test('D5 a real OpenAI: health, embedding and chat, within a cent', {skip: noKey}, async t => {
  const provider = {
    name: 'openai',
    kind: 'openai',
    url: OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKeyEnv: 'OPENAI_API_KEY',
    models: [gpt4oMini, embeddingSmall],
  }
  const config = {providers: [provider], routing: {maximumCostPerRequest: 0.005}}
  const bridge = await startBridge(t, config, {OPENAI_API_KEY: OPENAI_API_KEY ?? ''})
  assert.equal((await callTool(bridge, 'llm_status')).value.healthy_providers, 1)
  const embedded = await callTool(bridge, 'llm_embed', {input: ['one']})
  assert.equal(embedded.value.dimensions, 1536)
  const messages = [{role: 'user', content: 'Say yes.'}]
  const answer = await callTool(bridge, 'llm_chat', {messages, max_output_tokens: 20})
  assert.equal(answer.isError, false, answer.text)
  assert.ok(answer.value.cost > 0 && answer.value.cost < 0.005)
})
