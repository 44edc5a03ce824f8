// What tests of the lock share: lock files of others, processes that have ended, and processes that hold a lease.
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync, utimesSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import {type AcquireLock, acquireLock} from '../../../scripts/lib/lock/acquireLock.ts'
import type {Holder} from '../../../scripts/lib/lock/holder.ts'
import {killed} from '../../rigProcesses.ts'

const modules = (name: string) => new URL(`../../../scripts/lib/lock/${name}.ts`, import.meta.url).href

export function acquire(root: string, run: string, more: Partial<AcquireLock> = {}) {
  const signal = new AbortController().signal
  return acquireLock({root, run, purpose: 'deploy', pid: process.pid, waitMs: 0, signal, say: () => undefined, ...more})
}

export async function endedPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid ?? 0
}

/** A lock as the current version writes it; of a process that is no more, unless said otherwise. */
export function writeLock(root: string, holder: Partial<Holder>): Holder {
  const whole: Holder = {
    run: 'old',
    purpose: 'deploy',
    user: 'u',
    host: hostname(),
    pid: 1,
    pidStart: '1',
    since: '2026-11-20T10:00:00.000Z',
    token: 4,
    leaseSeconds: 60,
    ...holder,
  }
  writeFileSync(join(root, 'lock.json'), JSON.stringify(whole))
  return whole
}

/** The heartbeat of a lease, `agoMs` old by the clock of this machine. */
export function writeBeat(root: string, token: number, beat: number, agoMs = 0): void {
  const path = join(root, `lock.beat-${token}`)
  writeFileSync(path, JSON.stringify({beat, at: 'whenever', pid: 1, pidStart: 'never'}))
  const at = (Date.now() - agoMs) / 1000
  utimesSync(path, at, at)
}

/** Makes the lease that is held shorter, as its holder could have declared it. */
function shorten(root: string, leaseSeconds: number): void {
  const path = join(root, 'lock.json')
  writeFileSync(path, JSON.stringify({...JSON.parse(readFileSync(path, 'utf8')), leaseSeconds}))
}

// Takes the lock, renews every 50 ms, and answers each line on its standard input: `change` makes a change if it may, `write` and
// `remove` do so with the file `shared`. `write late` and `remove late` stop the process at the last moment, when all is asked.
const program = `import {appendFileSync} from 'node:fs'
  import {createRequire, syncBuiltinESMExports} from 'node:module'
  import {createInterface} from 'node:readline'
  const [root, run] = process.argv.slice(1)
  const {acquireLock} = await import(${JSON.stringify(modules('acquireLock'))})
  const {keepLease} = await import(${JSON.stringify(modules('lease'))})
  const signal = new AbortController().signal
  const {holder} = await acquireLock({root, run, purpose: 'deploy', pid: process.pid, waitMs: 0, signal, say: () => {}})
  const lease = keepLease(root, {...holder, leaseSeconds: 1}, 50)
  const shared = root + '/shared'
  const files = createRequire(root + '/')('node:fs')
  const {renameSync} = files
  const stopAtRename = () => {
    files.renameSync = (from, to) => {
      if ([from, to].includes(shared)) process.kill(process.pid, 'SIGSTOP')
      renameSync(from, to)
    }
    syncBuiltinESMExports()
  }
  console.log('holds ' + holder.token)
  for await (const line of createInterface({input: process.stdin})) {
    try {
      if (line.endsWith(' late')) stopAtRename()
      if (line === 'release') lease.release()
      else if (line.startsWith('write')) lease.write(shared, run)
      else if (line.startsWith('remove')) lease.remove(shared)
      else { lease.assert(); appendFileSync(root + '/changes', run + '\\n') }
      console.log('done')
    } catch (error) { console.log(error.name + ': ' + error.message) }
  }`

export interface HoldingProcess {
  child: ChildProcess
  /** Says a word to it, and gives its answer. */
  tell: (word: string) => Promise<string>
}

/** A process that holds the lock, with a lease of one second; ends with the test. */
export async function holdingProcess(test: TestContext, root: string, run: string): Promise<HoldingProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, root, run], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  test.after(() => killed(child.pid ?? 0))
  const answers = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
  const answer = async () => String((await answers.next()).value).trim()
  assert.match(await answer(), /^holds \d+$/)
  shorten(root, 1)
  return {
    child,
    tell: word => {
      child.stdin.write(`${word}\n`)
      return answer()
    },
  }
}
