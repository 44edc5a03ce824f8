// A real server of the tests as a process in a session of its own, and the context in which a phase looks at it.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import type {PhaseContext} from '../../scripts/phases/phase.ts'
import {settingsOf} from './phaseRig.ts'

const fixture = fileURLToPath(new URL('../fixtures/servers/mcp.mjs', import.meta.url))

export interface StartOptions {
  /** Program text after `import {serve, tools, pause} from 'mcp.mjs'`; it must call serve(). */
  program?: string
  /** Further files of its own code, by path. */
  files?: Record<string, string>
  /** What it sees of the environment; `declared` are the names that the fleet file tells. */
  environment?: Record<string, string>
  declared?: string[]
  /** Further words of its command. */
  words?: string[]
  /** Secrets of the whole fleet, and the names of those that this server declares. */
  secrets?: Record<string, string>
  own?: string[]
  /** Keys of the server in the fleet file. */
  settings?: Record<string, unknown>
  entries?: Entry[]
  /** `live` or a rehearsal (default). */
  instance?: string
}

export interface Started {
  server: InstanceServer
  context: PhaseContext
  /** Folder of the fleet file. */
  folder: string
}

/** Listens when this returns; it and its children end with the test. */
export async function startServer(test: TestContext, options: StartOptions = {}): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'started-'))
  const code = join(folder, 'release', 'servers', 'one')
  const log = join(folder, 'log')
  mkdirSync(code, {recursive: true})
  const head = `import {pause, serve, tools} from ${JSON.stringify(fixture)}\n`
  writeFileSync(join(code, 'main.mjs'), `${head}${options.program ?? 'serve()\n'}`)
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(join(code, path, '..'), {recursive: true})
    writeFileSync(join(code, path), text)
  }
  const environment = {HOME: folder, PATH: '/usr/bin:/bin', ...options.environment}
  const child = spawn(process.execPath, [join(code, 'main.mjs'), ...(options.words ?? [])], {
    env: environment,
    detached: true,
    stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')],
  })
  const pid = child.pid ?? 0
  test.after(() => {
    process.kill(-pid, 'SIGKILL')
    rmSync(folder, {recursive: true, force: true})
  })
  const port = await listening(log)
  const declared = options.declared ?? Object.keys(environment)
  const url = `http://127.0.0.1:${port}`
  const server = {
    name: 'one',
    port,
    url,
    endpoint: `${url}/mcp`,
    through: `${url}/mcp`,
    environment: Object.fromEntries(declared.map(name => [name, ''])),
    secrets: options.own ?? Object.keys(options.secrets ?? {}),
    settings: settingsOf({source: {folder: 'nowhere'}, command: ['main.mjs'], ...options.settings}),
  } as unknown as InstanceServer
  const context = {
    instance: {name: options.instance ?? 'rehearsal-1', releaseFolder: join(folder, 'release')},
    servers: [server],
    secrets: options.secrets ?? {},
    signal: test.signal,
    folder,
    inspect: async () => [{name: 'one', identity: identityOf(pid)}],
    logs: async (program: string) => (program === 'one' ? readFileSync(log, 'utf8') : ''),
    entries: () => options.entries ?? [],
    remember: () => {},
  } as unknown as PhaseContext
  return {server, context, folder}
}

const deadlineMs = 20_000

async function listening(log: string): Promise<number> {
  const deadlineAt = performance.now() + deadlineMs
  while (performance.now() < deadlineAt) {
    const [, port] = /listening on (\d+)/.exec(readFileSync(log, 'utf8')) ?? []
    if (port !== undefined) return Number(port)
    await pause(10)
  }
  return assert.fail(`the deadline of ${deadlineMs} ms passed before it listened: ${readFileSync(log, 'utf8')}`)
}

function identityOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return `${pid}@${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
}
