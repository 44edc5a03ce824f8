// Starts a real ingress and small real upstreams for the tests, and leaves nothing behind.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import http, {type IncomingMessage, type RequestListener, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import type {CopyState, ServerRoute} from '../../ingress/routes.ts'
import type {IngressStatus} from '../../ingress/status.ts'

const program = new URL('../../ingress/main.ts', import.meta.url).pathname

/** One ingress process with its folder. `output` grows with what it prints. */
export type Running = {
  port: number
  url: string
  folder: string
  child: ChildProcess
  output(): string
  /** Puts a routes file in place by rename and waits until it is applied; gives the version. */
  route(servers: {[name: string]: Partial<ServerRoute>}): Promise<number>
  /** Puts any text in place of the routes, and waits for nothing. */
  writeRoutes(text: string): Promise<void>
  /** What GET /-/status tells. */
  status(): Promise<IngressStatus>
  /** What the status file tells. */
  statusFile(): Promise<IngressStatus>
  exited: Promise<number | null>
}

/** Starts an ingress on a free port; it ends with the test. `settings` are laid over the configuration. */
export async function startIngress(
  t: TestContext,
  settings: {[name: string]: unknown} = {},
  {script = program, env = {}}: {script?: string; env?: {[name: string]: string}} = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-'))
  const routes = join(folder, 'routes.json')
  const config = {
    listen: {host: '127.0.0.1', port: 0},
    hosts: ['localhost', '127.0.0.1'],
    origins: [],
    tls: null,
    fleet: 'sample',
    environment: 'staging',
    instance: 'rehearsal-x',
    release: 'r1',
    routes,
    status: join(folder, 'status.json'),
    ...settings,
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const child = spawn(process.execPath, [script, join(folder, 'config.json')], {
    env: {PATH: process.env.PATH, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const exited = new Promise<number | null>(resolve => child.on('close', code => resolve(code)))
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
    await rm(folder, {recursive: true})
  })
  const listening = () => /"event":"listening".*?"port":(\d+)/.exec(output)?.[1]
  await until(
    () => listening() !== undefined || child.exitCode !== null,
    () => `the ingress to listen: ${output}`,
  )
  const port = Number(listening() ?? 0)
  let version = 0
  const running: Running = {
    port,
    url: `http://127.0.0.1:${port}`,
    folder,
    child,
    output: () => output,
    exited,
    async route(servers) {
      version += 1
      const full = Object.fromEntries(
        Object.entries(servers).map(([name, server]) => [name, {endpoint: '/mcp', copies: [], ...server}]),
      )
      await running.writeRoutes(JSON.stringify({version, release: `r${version}`, servers: full}))
      const wanted = version
      await until(
        async () => (await running.statusFile()).version === wanted,
        () => `routes ${wanted} to be applied: ${output}`,
      )
      return version
    },
    async writeRoutes(text) {
      await writeFile(`${routes}.new`, text)
      await rename(`${routes}.new`, routes)
    },
    status: async () => JSON.parse((await ask(port, {path: '/-/status'})).text),
    async statusFile() {
      const text = await readFile(config.status, 'utf8').catch(() => '{"version":0}')
      return JSON.parse(text)
    },
  }
  return running
}

/** A small HTTP server on a free port of loopback; it ends with the test. */
export async function startUpstream(
  t: TestContext,
  listener: RequestListener,
): Promise<{url: string; port: number; server: Server; stop(): Promise<void>}> {
  const server = http.createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  t.after(() => (server.listening ? stop() : undefined))
  return {url: `http://127.0.0.1:${port}`, port, server, stop}
}

/** An answer read to its end. `cut` when the connection broke before it was complete. */
export type Answer = {
  status: number
  headers: http.IncomingHttpHeaders
  rawHeaders: string[]
  text: string
  cut: boolean
}

/** What is asked. */
export type Ask = {
  path: string
  method?: string
  headers?: {[name: string]: string}
  body?: string
  agent?: http.Agent
}

/** Asks and reads the answer to its end. Rejects only when there was no answer at all. */
export async function ask(port: number, options: Ask): Promise<Answer> {
  const {response} = await open(port, options)
  const chunks: Buffer[] = []
  let cut = false
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer)
  } catch {
    cut = true
  }
  const {statusCode = 0, headers, rawHeaders} = response
  return {status: statusCode, headers, rawHeaders, text: Buffer.concat(chunks).toString(), cut}
}

/** Asks and resolves at the head of the answer. */
export function open(
  port: number,
  {path, method, headers, body, agent}: Ask,
): Promise<{request: http.ClientRequest; response: IncomingMessage}> {
  return new Promise((resolve, reject) => {
    const how = method ?? (body === undefined ? 'GET' : 'POST')
    const request = http.request({host: '127.0.0.1', port, path, method: how, headers, agent: agent ?? false})
    request.on('response', response => resolve({request, response}))
    request.on('error', reject)
    request.end(body)
  })
}

/** Waits until `condition` holds; fails after `timeoutMs` and says what was waited for. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
  timeoutMs = 10_000,
): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms for ${what()}`)
    await pause(5)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Routes of one server with the given copies. */
export function copies(...list: [id: string, url: string, state: CopyState][]) {
  return list.map(([id, url, state]) => ({id, url, state}))
}

/** An upstream with sessions as MCP has them: it mints `<name>-1`, `<name>-2`, … and answers 404 for those it does not know. */
export function sessionServer(name: string, seen: string[] = []): RequestListener {
  const known = new Set<string>()
  return (request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      seen.push(`${request.method} ${body}`)
      const id = request.headers['mcp-session-id'] as string | undefined
      if (body.includes('"initialize"')) {
        const minted = `${name}-${known.size + 1}`
        known.add(minted)
        response.setHeader('mcp-session-id', minted)
      } else if (id !== undefined && !known.has(id)) response.statusCode = 404
      else if (id !== undefined && request.method === 'DELETE') known.delete(id)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({by: name}))
    })
  }
}

export const initialize = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}'
export const call = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"}}'
