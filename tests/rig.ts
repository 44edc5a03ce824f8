// A small fleet of fixture servers in a folder of its own, on which tests run the real runner and the real steps as
// processes; at its end it asserts that nothing of it runs, listens or is locked any more.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, dirname, join} from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {lasting} from '../scripts/lib/async/lasting.ts'
import type {CheckEntry, Entry} from '../scripts/lib/journal/entry.ts'
import {entriesOf, fact} from '../scripts/lib/journal/facts.ts'
import {readJournal} from '../scripts/lib/journal/readJournal.ts'
import {listRuns} from '../scripts/lib/journal/runFolder.ts'
import {type RigOptions, writeFleet} from './rigFleet.ts'
import {killed, listensFor, type Process, processesWith} from './rigProcesses.ts'

export {healthy, type RigOptions} from './rigFleet.ts'

const project = join(import.meta.dirname, '..')

/** How a program ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Both, for messages of which the stream does not matter. */
  said: string
}

export interface Running {
  pid: number
  ended: Promise<Ended>
  /** What it printed up to now. */
  printed: () => string
  /** Signals its process group, as a terminal does on Ctrl-C. */
  interrupt: () => void
  /** Reads no more of what it prints, as when a connection is lost. */
  unread: () => void
}

export interface Start {
  env?: Record<string, string>
  cwd?: string
}

export type Rig = Awaited<ReturnType<typeof makeRig>>

/** The longest that a program may take before the test calls it hanging. */
const deadlineMs = 90_000

/** Ends with the test: what the test itself found is told before what it left behind. */
export async function makeRig(test: TestContext, options: RigOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-rig-'))
  const fleetPath = join(folder, 'fleet.yaml')
  const stateHome = join(folder, 'state')
  const root = join(stateHome, 'seaworthy', 'rig', 'staging')
  const disposers: (() => Promise<void> | void)[] = []
  const afterwards: (() => void)[] = []
  writeFleet(folder, fleetPath, options)

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    XDG_STATE_HOME: stateHome,
    // Eight steps a run, each compiled again, would be most of what a test takes.
    NODE_COMPILE_CACHE: join(project, 'node_modules', '.cache', 'rig'),
    ...options.env,
    ...more,
  })

  const start = (program: string, words: readonly string[], {env, cwd = folder}: Start = {}): Running => {
    const child = spawn(process.execPath, [join(project, program), ...words], {
      cwd,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a shell at a terminal gives to what it starts.
      detached: true,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', part => (stdout += part))
    child.stderr.setEncoding('utf8').on('data', part => (stderr += part))
    const late = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        clearTimeout(late)
        resolve({code, signal, stdout, stderr, said: `${stdout}\n${stderr}`})
      })
    })
    const pid = child.pid ?? 0
    const unread = () => {
      child.stdout.destroy()
      child.stderr.destroy()
    }
    return {pid, ended, printed: () => `${stdout}\n${stderr}`, interrupt: () => process.kill(-pid, 'SIGINT'), unread}
  }

  const processes = () => processesWith(folder)
  const runs = () => listRuns(folder)
  const journalFile = (run = runs()[0]) => join(folder, '.runs', run ?? 'none', 'journal.jsonl')
  const journal = (run?: string): Entry[] => (existsSync(journalFile(run)) ? readJournal(journalFile(run)) : [])
  const common = ['--env', 'staging', '--fleet', fleetPath]
  // What breaks and burdens copies of servers on purpose is the matter of its own tests.
  const staging = ['staging', ...common, ...(options.slow ? [] : ['--quick'])]

  test.after(async () => {
    try {
      for (const disposer of disposers.reverse()) await disposer()
      await assertNothingLeft({folder, root, processes, journals: runs().map(journalOrNothing(journal))})
    } finally {
      for (const {pid} of processes()) killed(pid)
      for (const disposer of afterwards.reverse()) disposer()
      rmSync(folder, {recursive: true, force: true, maxRetries: 3})
    }
  })

  return {
    folder,
    fleetPath,
    root,
    project,
    environment,
    start,
    processes,
    runs,
    journal,
    journalFile,
    /** Starts the pipeline `staging` without waiting for its end. */
    startStaging: (more: readonly string[] = [], how?: Start) => start('pipelines/run.ts', [...staging, ...more], how),
    staging: (more: readonly string[] = [], how?: Start) => start('pipelines/run.ts', [...staging, ...more], how).ended,
    /** Runs one numbered program to its end. */
    step: (name: string, more: readonly string[] = [], how?: Start) =>
      start(`scripts/${name}.ts`, [...common, ...more], how).ended,
    /** Runs one numbered program to its end, which must be good. */
    good: async (name: string, more: readonly string[] = []): Promise<Ended> => {
      const ended = await start(`scripts/${name}.ts`, [...common, ...more]).ended
      assert.equal(ended.code, 0, `${name}: ${ended.said}`)
      return ended
    },
    checks: (run?: string): CheckEntry[] => entriesOf(journal(run), 'check'),
    /** The verdict of a check, or undefined when it was not made. */
    verdict: (check: string, server?: string, run?: string) =>
      entriesOf(journal(run), 'check').find(one => one.check === check && one.server === server)?.verdict,
    report: (file: string, run = runs()[0]) => readFileSync(join(folder, '.runs', run ?? 'none', file), 'utf8'),
    /** Runs `disposer` before the rig looks whether anything is left. */
    before: (disposer: () => Promise<void> | void) => disposers.push(disposer),
    /** Runs `disposer` after it looked, whatever it found. */
    after: (disposer: () => void) => afterwards.push(disposer),
    /** Waits until `holds`, and fails with `what` when it does not within `withinMs`. */
    until,
    /** Waits until that step has written that it began. */
    begun: (step: string, run?: () => string | undefined) =>
      until(`step ${step} began`, () =>
        entriesOf(journal(run?.()), 'step').some(entry => entry.step === step && entry.state === 'started'),
      ),
    /** Waits until a process of that step is there, and gives its pid. */
    stepProcess: async (step: string): Promise<number> => {
      const file = `scripts/${step}.ts`
      await until(`a process of ${step}`, () => processes().some(one => one.argv.includes(file)))
      return processes().find(one => one.argv.includes(file))?.pid ?? 0
    },
  }
}

const untilMs = 30_000

async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = untilMs): Promise<void> {
  const deadlineAt = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadlineAt) assert.fail(`the deadline of ${withinMs} ms passed before: ${what}`)
    await pause(5)
  }
}

function journalOrNothing(journal: (run: string) => Entry[]): (run: string) => Entry[] {
  return run => {
    try {
      return journal(run)
    } catch {
      return []
    }
  }
}

async function assertNothingLeft({
  folder,
  root,
  processes,
  journals,
}: {
  folder: string
  root: string
  processes: () => Process[]
  journals: Entry[][]
}): Promise<void> {
  assert.deepEqual(
    (await lasting(processes)).map(({pid, argv}) => `${pid} ${argv.replaceAll(folder, 'RIG')}`),
    [],
    'processes of the rig still run',
  )
  const ports = journals.flatMap(entries => {
    const instance = fact<{url: string; servers: {endpoint: string}[]}>(entries, 'instance')
    const urls = instance === undefined ? [] : [instance.url, ...instance.servers.map(server => server.endpoint)]
    return urls.map(url => Number(new URL(url).port))
  })
  const open = () => ports.filter(port => listensFor(folder, port))
  assert.deepEqual(await lasting(open), [], 'ports of a rehearsal are still open')
  assert.deepEqual(names(join(root, 'instances')), [], 'instances are left')
  assert.equal(existsSync(join(root, 'lock.json')), false, 'the lock is left')
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
