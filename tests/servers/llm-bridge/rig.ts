// Starts the real bridge as a child process on a free port, and speaks to it by plain HTTP in both protocol eras.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export const main = join(import.meta.dirname, '..', '..', '..', 'servers', 'llm-bridge', 'main.ts')

// biome-ignore lint/suspicious/noExplicitAny: it comes from the wire, and the assertions are what checks its shape.
export type Json = any

export type Cleanup = {after(run: () => Promise<void> | void): void}

export type Ended = {code: number | null; signal: NodeJS.Signals | null}
export type Bridge = {
  url: string
  child: ChildProcess
  /** Everything that it wrote to standard output and error so far. */
  output: () => string
  ended: Promise<Ended>
}

const startDeadlineMs = 15_000
/** No test needs a bridge for longer; one that hangs is killed, so that waiting for its end has an end. */
const lifetimeMs = 60_000

/** An empty folder that is removed after the test. */
export function temporaryFolder(t: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'llm-bridge-test-'))
  t.after(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** Runs `file` with exactly this environment; `config` is written to a file of its own. */
export function spawnBridge(t: Cleanup, config: unknown, env: Record<string, string> = {}, file = main) {
  const configFile = join(temporaryFolder(t), 'config.json')
  writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config))
  const child = spawn(process.execPath, [file], {
    env: {PORT: '0', LLM_BRIDGE_CONFIG: configFile, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    output += chunk
  })
  const ended = new Promise<Ended>(resolve => child.once('close', (code, signal) => resolve({code, signal})))
  const watchdog = setTimeout(() => child.kill('SIGKILL'), lifetimeMs)
  t.after(async () => {
    clearTimeout(watchdog)
    child.kill('SIGKILL')
    await ended
  })
  return {child, output: () => output, ended}
}

/** The bridge, once it says that it listens. */
export async function startBridge(
  t: Cleanup,
  config: unknown,
  env: Record<string, string> = {},
  file = main,
): Promise<Bridge> {
  const {child, output, ended} = spawnBridge(t, config, env, file)
  const port = await until(`the bridge to listen; it said:\n${output()}`, startDeadlineMs, async () => {
    if (child.exitCode !== null) throw new Error(`the bridge ended with ${child.exitCode}:\n${output()}`)
    return /"event":"listening".*"port":(\d+)/.exec(output())?.[1]
  })
  return {url: `http://127.0.0.1:${port}`, child, output, ended}
}

/** Asks until there is an answer, or fails at the deadline, saying what it waited for. */
export async function until<Answer>(
  what: string,
  deadlineMs: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const endMs = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > endMs) throw new Error(`waited ${deadlineMs} ms for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': {name: 'test', version: '1'},
}

/** One stateless 2026-07-28 request, with the headers that the revision requires. */
export function modernRequest(
  bridge: Bridge,
  method: string,
  params: Record<string, unknown> = {},
  options: {headers?: Record<string, string>; signal?: AbortSignal} = {},
): Promise<Response> {
  return fetch(`${bridge.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof params.name === 'string' ? {'mcp-name': params.name} : {}),
      ...options.headers,
    },
    body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params: {...params, _meta: modernMeta}}),
    signal: options.signal ?? AbortSignal.timeout(20_000),
  })
}

/** One 2025-era request; the answer comes as one SSE event. */
export function legacyRequest(bridge: Bridge, method: string, params: Record<string, unknown> = {}): Promise<Response> {
  return fetch(`${bridge.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(method === 'initialize' ? {} : {'mcp-protocol-version': '2025-11-25'}),
    },
    body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params}),
    signal: AbortSignal.timeout(20_000),
  })
}

/** The one JSON-RPC message of an SSE answer. */
export async function eventOf(response: Response): Promise<Json> {
  const data = /^data: (.+)$/m.exec(await response.text())?.[1]
  if (data === undefined) throw new Error('the stream ended without a message')
  return JSON.parse(data)
}

export type ToolResult = {isError: boolean; text: string; value: Json}

/** Calls a tool in the modern era. */
export async function callTool(bridge: Bridge, name: string, args: Record<string, unknown> = {}): Promise<ToolResult> {
  const response = await modernRequest(bridge, 'tools/call', {name, arguments: args})
  const message: Json = await response.json()
  if (message.result === undefined) throw new Error(`HTTP ${response.status}: ${JSON.stringify(message)}`)
  const {content, structuredContent, isError} = message.result
  return {isError: isError === true, text: content[0].text, value: structuredContent}
}

const free = {inputCostPerMillionTokens: 0, outputCostPerMillionTokens: 0}

export const llama = {name: 'llama3.1:8b', purpose: 'chat', ...free}
export const nomic = {name: 'nomic-embed-text', purpose: 'embedding', ...free}
const gpt4o = {name: 'gpt-4o', purpose: 'chat', inputCostPerMillionTokens: 2.5, outputCostPerMillionTokens: 10}
export const gpt4oMini = {
  name: 'gpt-4o-mini',
  purpose: 'chat',
  inputCostPerMillionTokens: 0.15,
  outputCostPerMillionTokens: 0.6,
}
export const embeddingSmall = {
  name: 'text-embedding-3-small',
  purpose: 'embedding',
  inputCostPerMillionTokens: 0.02,
  outputCostPerMillionTokens: 0,
}

/** The documented two providers: a free local one first, a paid one after it. */
export function hybridConfig(ollamaUrl: string, openaiUrl: string): Json {
  return {
    providers: [
      {name: 'ollama_local', kind: 'ollama', url: ollamaUrl, priority: 1, timeoutMs: 3000, models: [llama, nomic]},
      {
        name: 'openai_cloud',
        kind: 'openai',
        url: openaiUrl,
        priority: 2,
        timeoutMs: 3000,
        apiKeyEnv: 'OPENAI_API_KEY',
        models: [gpt4o, gpt4oMini, embeddingSmall],
      },
    ],
    defaultModels: {
      chat: 'llama3.1:8b',
      chat_fast: 'llama3.1:8b',
      chat_smart: 'gpt-4o-mini',
      embedding: 'nomic-embed-text',
    },
    health: {timeoutMs: 1000, maximumAgeMs: 0},
  }
}

export const ollamaModels = ['llama3.1:8b', 'nomic-embed-text:latest']
export const openaiModels = ['gpt-4o', 'gpt-4o-mini', 'text-embedding-3-small']
/** Not a key of anything. */
export const openaiKey = 'sk-test-5f1d0c77e2'

/** A port of 127.0.0.1 on which nothing listens. */
export const nowhere = 'http://127.0.0.1:1'
