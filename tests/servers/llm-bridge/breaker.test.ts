// The circuit breaker of a provider: alone, and in a running bridge.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {configSchema} from '../../../servers/llm-bridge/config/schema.ts'
import {type Breaker, createBreaker} from '../../../servers/llm-bridge/providers/breaker.ts'
import {ProviderFailure} from '../../../servers/llm-bridge/providers/failure.ts'
import {startOllama, startOpenai} from './fakeProvider.ts'
import {callTool, hybridConfig, nowhere, ollamaModels, openaiKey, openaiModels, startBridge, until} from './rig.ts'

const broken = () => Promise.reject(new ProviderFailure('server_error', 'HTTP 500'))
const works = () => Promise.resolve('answer')

async function fail(breaker: Breaker, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await assert.rejects(breaker.run(broken), /HTTP 500/)
}

test('D8 by default the breaker opens after 5 failures, and resets after 60 s', () => {
  const {breaker} = configSchema.parse(hybridConfig(nowhere, nowhere))
  assert.deepEqual(breaker, {failureThreshold: 5, resetTimeoutMs: 60_000})
})

test('D8 it opens at the threshold, not before, and a success in between starts the count again', async () => {
  const breaker = createBreaker({failureThreshold: 5, resetTimeoutMs: 60_000})
  await fail(breaker, 4)
  await breaker.run(works)
  await fail(breaker, 4)
  assert.equal(breaker.state(), 'closed')
  await fail(breaker, 1)
  assert.equal(breaker.state(), 'open')
  assert.ok(breaker.retryAfterMs() > 59_000 && breaker.retryAfterMs() <= 60_000)
  await assert.rejects(breaker.run(works), /circuit breaker open; next trial in \d+ ms/)
})

test('D8 after its time it is half open: one trial closes it or opens it again', async t => {
  t.mock.timers.enable({apis: ['Date'], now: 1_000_000})
  const breaker = createBreaker({failureThreshold: 2, resetTimeoutMs: 60_000})
  await fail(breaker, 2)
  t.mock.timers.tick(59_999)
  assert.equal(breaker.state(), 'open')
  t.mock.timers.tick(1)
  assert.equal(breaker.state(), 'half_open')
  await fail(breaker, 1)
  assert.equal(breaker.state(), 'open', 'one failed trial is enough')
  t.mock.timers.tick(60_000)
  assert.equal(await breaker.run(works), 'answer')
  assert.equal(breaker.state(), 'closed')
})

test('D8 while a trial is under way, others are told at once instead of waiting for it', {timeout: 5000}, async t => {
  t.mock.timers.enable({apis: ['Date'], now: 1_000_000})
  const breaker = createBreaker({failureThreshold: 1, resetTimeoutMs: 1000})
  await fail(breaker, 1)
  t.mock.timers.tick(1000)
  const trial = Promise.withResolvers<string>()
  const running = breaker.run(() => trial.promise)
  await assert.rejects(breaker.run(works), /a trial is under way/)
  trial.resolve('back')
  assert.equal(await running, 'back')
  assert.equal(breaker.state(), 'closed')
})

test('D8 a trial that the caller cancelled proves nothing: the breaker stays open', async t => {
  t.mock.timers.enable({apis: ['Date'], now: 1_000_000})
  const breaker = createBreaker({failureThreshold: 1, resetTimeoutMs: 1000})
  await fail(breaker, 1)
  t.mock.timers.tick(1000)
  await assert.rejects(breaker.run(() => Promise.reject(new DOMException('gone', 'AbortError'))))
  assert.equal(breaker.state(), 'open')
})

test('D8 refusals of single requests do not open it', async () => {
  const breaker = createBreaker({failureThreshold: 1, resetTimeoutMs: 1000})
  await assert.rejects(breaker.run(() => Promise.reject(new ProviderFailure('refused', 'HTTP 404'))))
  assert.equal(breaker.state(), 'closed')
})

test('D8 in a running bridge: trips, falls back without asking, half-opens, resets', async t => {
  const [ollama, openai] = [await startOllama(t, ollamaModels), await startOpenai(t, openaiModels)]
  const bridge = await startBridge(t, hybridConfig(ollama.url, openai.url), {
    OPENAI_API_KEY: openaiKey,
    LLM_BRIDGE_BREAKER_RESET_MS: '700',
  })
  const chat = async () => (await callTool(bridge, 'llm_chat', {messages: [{role: 'user', content: 'hi'}]})).value
  const state = async () => (await callTool(bridge, 'llm_status', {provider_id: 'ollama_local'})).value.providers[0]

  ollama.work = {kind: 'status', status: 500}
  for (let count = 1; count <= 5; count++) {
    assert.equal((await state()).circuit_breaker_state, 'closed', `before failure ${count}`)
    assert.equal((await chat()).provider_id, 'openai_cloud')
  }
  const open = await state()
  assert.deepEqual([open.circuit_breaker_state, open.status], ['open', 'unhealthy'])
  assert.match(open.reason, /circuit breaker open; next trial in \d+ ms/)

  const askedBefore = ollama.seen.length
  assert.equal((await chat()).provider_id, 'openai_cloud')
  assert.equal(ollama.seen.length, askedBefore, 'an open breaker keeps requests away')
  const alone = await callTool(bridge, 'llm_chat', {
    messages: [{role: 'user', content: 'hi'}],
    provider_id: 'ollama_local',
  })
  assert.match(alone.text, /skipped: circuit breaker open/)

  const halfOpen = () =>
    until('half open', 3000, async () => (await state()).circuit_breaker_state === 'half_open' || undefined)
  await halfOpen()
  assert.equal((await state()).status, 'degraded')
  const trial = await chat()
  assert.deepEqual([trial.attempts[0].outcome, trial.provider_id], ['failed', 'openai_cloud'])
  assert.equal((await state()).circuit_breaker_state, 'open', 'a failed trial opens it again')

  ollama.work = {kind: 'works'}
  await halfOpen()
  assert.equal((await chat()).provider_id, 'ollama_local')
  assert.deepEqual([(await state()).circuit_breaker_state, (await state()).status], ['closed', 'healthy'])

  const metrics = await (await fetch(`${bridge.url}/metrics`)).text()
  assert.match(metrics, /llm_bridge_breaker_state\{provider="ollama_local"\} 0/)
  assert.match(
    metrics,
    /llm_bridge_provider_failures_total\{provider="ollama_local",operation="chat",reason="server_error"\} 6/,
  )
})
