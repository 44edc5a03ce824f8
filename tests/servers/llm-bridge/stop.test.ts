// SIGTERM: calls in flight are answered, nothing new is taken, and the process ends in time.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {connect} from 'node:net'
import {test} from 'node:test'
import {type FakeProvider, startOllama} from './fakeProvider.ts'
import {
  type Bridge,
  type Cleanup,
  eventOf,
  hybridConfig,
  type Json,
  legacyRequest,
  modernRequest,
  nowhere,
  ollamaModels,
  startBridge,
  until,
} from './rig.ts'

const chat = {name: 'llm_chat', arguments: {messages: [{role: 'user', content: 'hi'}]}}

async function withOllama(t: Cleanup, env: Record<string, string> = {}) {
  const ollama = await startOllama(t, ollamaModels)
  const bridge = await startBridge(t, hybridConfig(ollama.url, nowhere), env)
  return {ollama, bridge}
}

/** SIGTERM once the provider has `calls` requests, so that they are surely in flight. */
async function stopDuring(bridge: Bridge, ollama: FakeProvider, calls: number): Promise<void> {
  await until(`${calls} calls at the provider`, 5000, async () => (ollama.seen.length === calls ? true : undefined))
  bridge.child.kill('SIGTERM')
  await until(
    'the bridge to say that it stops',
    5000,
    async () => /"event":"stopping"/.exec(bridge.output()) ?? undefined,
  )
}

test('calls of both eras in flight are finished, then the process ends with 0', async t => {
  const {ollama, bridge} = await withOllama(t)
  ollama.work = {kind: 'works', delayMs: 600}
  const modern = modernRequest(bridge, 'tools/call', chat)
  const legacy = legacyRequest(bridge, 'tools/call', chat)
  await stopDuring(bridge, ollama, 2)
  bridge.child.kill('SIGTERM') // An impatient second signal changes nothing.
  await assert.rejects(fetch(`${bridge.url}/health`), 'nothing new is taken')
  const [modernAnswer, legacyAnswer]: Json[] = [await (await modern).json(), await eventOf(await legacy)]
  for (const answer of [modernAnswer, legacyAnswer])
    assert.equal(answer.result.structuredContent.text, 'ollama llama3.1:8b heard hi')
  assert.deepEqual(await bridge.ended, {code: 0, signal: null})
})

test('a call that outlasts the drain is answered with an error, not dropped, and the process still ends with 0', async t => {
  const {ollama, bridge} = await withOllama(t, {LLM_BRIDGE_DRAIN_MS: '200'})
  ollama.work = {kind: 'hangs'}
  const call = modernRequest(bridge, 'tools/call', chat)
  await stopDuring(bridge, ollama, 1)
  const startedAtMs = Date.now()
  const {result}: Json = await (await call).json()
  assert.equal(result.isError, true)
  assert.match(result.content[0].text, /The bridge is stopping/)
  assert.deepEqual(await bridge.ended, {code: 0, signal: null})
  assert.ok(Date.now() - startedAtMs < 2500)
})

test('idle connections, half-sent requests and subscriptions do not hold the process', async t => {
  const {bridge} = await withOllama(t)
  await (await fetch(`${bridge.url}/health`)).text()
  const subscription = await modernRequest(bridge, 'subscriptions/listen', {notifications: {toolsListChanged: true}})
  assert.match(await subscription.text(), /"resultType":"complete"/, 'tools never change, so it ends at once')
  const halfSent = connect(Number(new URL(bridge.url).port), '127.0.0.1')
  t.after(() => void halfSent.destroy())
  await once(halfSent, 'connect')
  halfSent.on('error', () => {}).write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n')
  const startedAtMs = Date.now()
  bridge.child.kill('SIGTERM')
  assert.deepEqual(await bridge.ended, {code: 0, signal: null})
  assert.ok(Date.now() - startedAtMs < 2500)
})
