// Many callers at once while a provider fails: every call is answered, and the failing provider is left alone.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {callTool, hybridConfig, ollamaModels, openaiKey, openaiModels, startBridge} from './rig.ts'

test('D7 D8 fallback under stress: 50 users, weighted tasks, no call lost', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const config = hybridConfig(ollama.url, openai.url)
  config.health.maximumAgeMs = 5000
  const bridge = await startBridge(t, config, {OPENAI_API_KEY: openaiKey})
  await callTool(bridge, 'llm_status')
  ollama.work = {kind: 'status', status: 500}
  openai.work = {kind: 'works', delayMs: 20}
  const messages = [{role: 'user', content: 'hi'}]
  const users = Array.from({length: 50}, async () => {
    const results = []
    for (const name of ['llm_chat', 'llm_chat', 'llm_chat', 'llm_status'])
      results.push({name, ...(await callTool(bridge, name, name === 'llm_chat' ? {messages} : {}))})
    return results
  })
  const results = (await Promise.all(users)).flat()
  assert.equal(results.length, 200)
  assert.deepEqual(
    results.filter(result => result.isError).map(result => result.text),
    [],
  )
  const chats = results.filter(result => result.name === 'llm_chat')
  assert.ok(chats.every(result => result.value.provider_id === 'openai_cloud'))
  // The first call of each user can be under way before the breaker opens; no second one reaches the failing provider.
  assert.ok(ollama.seen.length >= 5 && ollama.seen.length <= 50, `${ollama.seen.length} requests`)
})
