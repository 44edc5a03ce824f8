// What the bridge refuses to start with: every fault at once, with place, expectation, value and remedy; exit 2.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {type Cleanup, callTool, hybridConfig, type Json, nowhere, openaiKey, spawnBridge, startBridge} from './rig.ts'

const refusalDeadlineMs = 10_000

/** What the bridge says when it refuses; fails when it starts after all. */
async function refusal(t: Cleanup, config: unknown, env: Record<string, string> = {}): Promise<string> {
  const {child, ended, output} = spawnBridge(t, config, env)
  const deadline = setTimeout(() => child.kill('SIGKILL'), refusalDeadlineMs)
  const {code} = await ended
  clearTimeout(deadline)
  assert.equal(code, 2, output())
  return output()
}

function changed(change: (config: Json) => void): Json {
  const config = hybridConfig(nowhere, nowhere)
  change(config)
  return config
}

test('D6 no provider is refused', async t => {
  assert.match(await refusal(t, {providers: []}), /providers: should be a list with at least one provider, got \[\]/)
  assert.match(await refusal(t, {}), /providers: is required: a list with at least one provider/)
})

test('D6 a default model that no provider has is refused, and the known ones are named', async t => {
  const config = changed(value => {
    value.defaultModels.chat = 'gpt-9'
    value.defaultModels.embedding = 'gpt-4o'
  })
  const said = await refusal(t, config)
  assert.match(said, /2 faults/)
  assert.match(
    said,
    /defaultModels\.chat: no provider has the model "gpt-9"\n {2}→ models for chat: llama3\.1:8b, gpt-4o/,
  )
  assert.match(said, /defaultModels\.embedding: "gpt-4o" is a model for chat, and this task needs one for embedding/)
})

test('D6 every fault of file and environment is told at once, each with its line', async t => {
  const file = `{
  "providers": [
    {"name": "one", "kind": "ollama", "url": "not a url", "models": [
      {"name": "m", "purpose": "chat", "inputCostPerMillionTokens": -1, "outputCostPerMillionTokens": 0},
      {"name": "m", "purpose": "talk", "inputCostPerMillionTokens": 0, "outputCostPerMillionTokens": "free"}
    ]},
    {"name": "one", "kind": "mystery", "url": "http://user:pass@127.0.0.1", "apiKey": "sk-live-never-shown", "models": []}
  ],
  "defaultModels": {"chat": "absent"},
  "breaker": {"failureThreshold": 0},
  "colour": "red"
}`
  const said = await refusal(t, file, {LLM_BRIDGE_MAXIMUM_COST: 'lots', LLM_BRIDGE_APIKEY: 'x', LLM_BRIDGE_API_KEY: ''})
  for (const expected of [
    /config\.json:3:46 providers\[0\]\.url: should be an http or https URL, got "not a url"\n {2}→ for example/,
    /config\.json:4:\d+ providers\[0\]\.models\[0\]\.inputCostPerMillionTokens: should be at least 0, got -1/,
    /config\.json:5:\d+ providers\[0\]\.models\[1\]\.purpose: should be "chat" or "embedding", got "talk"/,
    /providers\[0\]\.models\[1\]\.outputCostPerMillionTokens: should be a number, got "free"/,
    /providers\[0\]\.models\[1\]\.name: "m" is already the name of providers\[0\]\.models\[0\]/,
    /config\.json:7:\d+ providers\[1\]\.name: "one" is already the name of providers\[0\]/,
    /providers\[1\]\.kind: should be "ollama" or "openai", got "mystery"/,
    /providers\[1\]\.url: should hold no user name and no password/,
    /providers\[1\]\.apiKey: is not a known key\n {2}→ known keys here: name, kind, url, .*apiKeyEnv/,
    /providers\[1\]\.models: should be a list of at least 1, got \[\]/,
    /config\.json:9:\d+ defaultModels\.chat: no provider has the model "absent"/,
    /breaker\.failureThreshold: should be at least 1, got 0/,
    /config\.json:11:\d+ colour: is not a known key\n {2}→ known keys here: providers, defaultModels/,
    /environment LLM_BRIDGE_MAXIMUM_COST: should be a number from 0 to 1000000, got "lots"/,
    /environment LLM_BRIDGE_APIKEY: is not a known variable/,
    /environment LLM_BRIDGE_API_KEY: is set, but empty/,
  ])
    assert.match(said, expected)
  assert.match(said, /16 faults/)
  assert.doesNotMatch(said, /never-shown|user:pass/)
})

test('D6 a key where the name of its variable belongs is refused, and not shown', async t => {
  const said = await refusal(
    t,
    changed(value => {
      value.providers[1].apiKeyEnv = openaiKey
    }),
  )
  assert.match(said, /providers\[1\]\.apiKeyEnv: should be the NAME of an environment variable/)
  assert.doesNotMatch(said, new RegExp(openaiKey))
})

test('D6 a file that is not there, is not JSON, or has a key twice is refused', async t => {
  const absent = await refusal(t, {}, {LLM_BRIDGE_CONFIG: '/nonexistent/config.json'})
  assert.match(absent, /\/nonexistent\/config\.json: cannot be read: ENOENT.*\n {2}→ name a JSON or YAML file/)
  assert.match(await refusal(t, '{"providers": ['), /config\.json:1:\d+: .*\n {2}→ correct the syntax/)
  assert.match(await refusal(t, '{"providers": [],\n "providers": []}'), /config\.json:2:\d+: Map keys must be unique/)
  assert.match(await refusal(t, 'just text'), /\(top\): should be an object, got "just text"/)
})

test('D6 a port that is taken is refused with what to do', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere))
  const said = await refusal(t, hybridConfig(nowhere, nowhere), {PORT: new URL(bridge.url).port})
  assert.match(said, /cannot listen on 127\.0\.0\.1 port \d+: .*EADDRINUSE.*\n {2}→ free the port/)
})

test('a good configuration is accepted as YAML too, and the environment overrides it', async t => {
  const yaml = `
providers:
  - name: local-one
    kind: ollama
    url: http://127.0.0.1:1
    models:
      - {name: small, purpose: chat, inputCostPerMillionTokens: 1, outputCostPerMillionTokens: 1}
defaultModels: {chat: small}
`
  const overrides = {LLM_BRIDGE_MAXIMUM_COST: '0.001', LLM_BRIDGE_URL_LOCAL_ONE: 'http://127.0.0.1:2'}
  const bridge = await startBridge(t, yaml, overrides)
  const {value} = await callTool(bridge, 'llm_status')
  assert.match(value.providers[0].reason, /127\.0\.0\.1:2\/api\/tags/)
  const routing = await callTool(bridge, 'llm_routing', {task: 'chat', max_cost: 1})
  assert.match(routing.text, /small would cost \$0\.002, over the maximum of \$0\.001/)
})
