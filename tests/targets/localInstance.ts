// An instance of the local target in a folder of the test's own, and a shell that runs its commands for real.
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {writeAtomically} from '../../scripts/lib/files/writeAtomically.ts'
import type {Fleet} from '../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../scripts/lib/fleet/schema.ts'
import {type InstanceRequest, planInstance} from '../../scripts/lib/instance/planInstance.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {type Instance, serverOf} from '../../scripts/lib/target/instance.ts'
import {createShell, type Shell} from '../../scripts/lib/target/shell.ts'
import type {ProgramStatus} from '../../scripts/lib/target/target.ts'
import {local} from '../../scripts/targets/local.ts'

/** An instance with one server, `one`, whose words are given; `declared` is added to its entry of the fleet file. */
export function instanceIn(
  root: string,
  words: readonly string[],
  declared: object = {},
  more: Partial<InstanceRequest> = {},
): Instance {
  const server = serverSchema.parse({
    source: {npm: 'one@1.0.0'},
    command: ['one'],
    secrets: {API_KEY: {}},
    // Most tests look at the processes that a program starts by the numbers that it sees itself.
    isolation: {none: 'processes are looked at from outside'},
    ...declared,
  })
  return planInstance({
    fleet: {
      name: 'harbour',
      environment: 'staging',
      target: 'local',
      folder: root,
      root,
      ingress: {port: 8700, hosts: ['localhost'], origins: []},
      rollout: {canary: 1, growth: 2, failureBudget: 0, onFailure: 'rollback-all'},
      retention: {count: 10, days: 30},
      notify: [],
      servers: [{name: 'one', ...server}],
    } as unknown as Fleet,
    release: {digest: 'd'.repeat(64), servers: {one: {argv: [...words]}}} as never,
    releaseFolder: join(root, 'release'),
    name: 'live',
    copy: 'a',
    ports: {ingress: 8700, servers: {one: 9001}},
    ...more,
  })
}

export interface Running {
  instance: Instance
  shell: Shell
  folder: string
  start: () => Promise<string>
  stop: () => Promise<string>
  status: () => Promise<ProgramStatus>
  log: () => string
}

/** Folders and files are there; nothing runs. What was started is ended when the test ends. */
export function prepared(test: TestContext, words: readonly string[], declared: object = {}): Running {
  const root = mkdtempSync(join(tmpdir(), 'seaworthy-test-'))
  const instance = instanceIn(root, words, declared)
  for (const folder of local.folders(instance)) mkdirSync(folder, {recursive: true})
  for (const {path, text, mode} of local.files(instance)) writeAtomically(path, text, mode)
  const shell = createShell({
    record: () => undefined,
    signal: new AbortController().signal,
    secrets: {API_KEY: 'correct horse'},
  })
  const {folder} = serverOf(instance, 'one')
  const stop = () => shell.run(local.stopServer(instance, 'one'))
  // In this order: without its files a supervisor could not be found any more.
  test.after(async () => {
    await stop()
    rmSync(root, {recursive: true, force: true})
  })
  return {
    instance,
    shell,
    folder,
    stop,
    start: () => shell.run(local.startServer(instance, 'one')),
    status: async () => {
      const statuses = local.inspect.read(await shell.run(local.inspect.command(instance)))
      const status = statuses.find(({name}) => name === 'one')
      if (status === undefined) throw new Error('inspect.sh said nothing of the server')
      return status
    },
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
  }
}

/** Waits until `look` gives something; throws with what it waited for when the deadline passes. */
export async function eventually<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
  what: string,
  deadlineMs = 10_000,
): Promise<Value> {
  const until = performance.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > until) throw new Error(`the deadline of ${deadlineMs} ms passed: ${what}`)
    await pause(20)
  }
}

export function isRunning(pid: number): boolean {
  return processStart(pid) !== undefined
}
