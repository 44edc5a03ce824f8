// The bundle: the same bytes from another checkout, and it runs where there is nothing but Node.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {callTool, hybridConfig, nowhere, startBridge, temporaryFolder} from './rig.ts'

const root = join(import.meta.dirname, '..', '..', '..')

function build(checkout: string, output: string): Record<string, string> {
  const program = join(checkout, 'servers', 'llm-bridge', 'build.ts')
  execFileSync(process.execPath, [program], {env: {OUTPUT: output}, cwd: output, timeout: 60_000})
  return Object.fromEntries(readdirSync(output).map(name => [name, readFileSync(join(output, name), 'utf8')]))
}

test('the bundle is the same from another folder, holds no path, and runs alone', async t => {
  const [first, second] = [temporaryFolder(t), temporaryFolder(t)]
  const otherCheckout = join(temporaryFolder(t), 'elsewhere', 'copy')
  mkdirSync(join(otherCheckout, 'servers'), {recursive: true})
  cpSync(join(root, 'servers', 'llm-bridge'), join(otherCheckout, 'servers', 'llm-bridge'), {recursive: true})
  cpSync(join(root, 'package.json'), join(otherCheckout, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(otherCheckout, 'node_modules'))

  const files = build(root, first)
  assert.deepEqual(Object.keys(files).sort(), ['bundled.json', 'config.json', 'main.mjs'])
  const again = build(otherCheckout, second)
  assert.equal(again['main.mjs'] === files['main.mjs'], true, 'main.mjs differs')
  assert.equal(again['bundled.json'], files['bundled.json'])
  assert.equal(files['main.mjs']?.includes(root), false, 'main.mjs holds the path of its checkout')
  const packages = JSON.parse(files['bundled.json'] ?? '[]')
  assert.ok(packages.some(({name, version}: {name: string; version: string}) => name === 'zod' && /^4\./.test(version)))

  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere), {}, join(first, 'main.mjs'))
  assert.equal((await callTool(bridge, 'llm_status')).text, 'LLM Providers: 2 total, 0 healthy')
  assert.match(
    await (await fetch(`${bridge.url}/metrics`)).text(),
    /llm_bridge_provider_up\{provider="ollama_local"\} 0/,
  )
})

test('the sample configuration is good, and beside the bundle it needs no setting', async t => {
  const output = temporaryFolder(t)
  build(root, output)
  const sample = readFileSync(join(output, 'config.json'), 'utf8')
  // Only the addresses are changed: a test asks nobody outside this machine.
  const urls = {LLM_BRIDGE_URL_OLLAMA_LOCAL: nowhere, LLM_BRIDGE_URL_OPENAI_CLOUD: nowhere}
  const bridge = await startBridge(
    t,
    sample,
    {...urls, LLM_BRIDGE_CONFIG: join(output, 'config.json')},
    join(output, 'main.mjs'),
  )
  const call = {task: 'chat_smart', preferred_model: 'gpt-4o', max_cost: 0.05, allow_fallback: false}
  const {text, value} = await callTool(bridge, 'llm_routing', call)
  assert.equal(text, 'Routing: openai_cloud/gpt-4o ($0.0125)')
  assert.equal(value.available, false)
})
