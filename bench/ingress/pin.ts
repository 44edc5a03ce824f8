// Gives the measured server a processor core of its own, and proxy and load the others, so that no one moves them about.
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'

/** Lists of cores as taskset and `Cpus_allowed_list` of proc_pid_status(5) write them: `0`, `1-3,5`. */
export interface Cores {
  server: string
  others: string
}

export interface Pin {
  /** The processes of the measured servers, of which only one is ever called at a time. */
  servers: readonly number[]
  /** Proxies, and whatever makes the load. Where they started a server, it stays one. */
  others: readonly number[]
}

export interface Pinned extends Disposable {
  /** Why nothing is pinned, for people; undefined when all is. */
  absent: string | undefined
}

/**
 * Every thread of those processes and of what they started, and the threads to come, since they inherit it. Disposing gives
 * each its cores back. Throws when the kernel refuses.
 */
export function pin({servers, others}: Pin): Pinned {
  using cleanUp = new DisposableStack()
  const allowed = allowedList(process.pid)
  const cores = allowed === undefined ? undefined : splitCores(allowed)
  if (cores === undefined) return unpinned('this machine has one core only, or does not say which')
  if (!hasTaskset()) return unpinned('taskset is not on this machine (Debian: apt-get install util-linux)')
  const move = (pid: number, list: string) => {
    const before = allowedList(pid)
    if (before === undefined) throw new Error(`process ${pid} should be kept on core ${list}, but it has ended`)
    cleanUp.defer(() => giveBack(pid, before))
    keepOn(pid, list)
  }
  const apart = new Set(servers.flatMap(withChildren))
  for (const pid of apart) move(pid, cores.server)
  for (const pid of new Set(others.flatMap(withChildren)).difference(apart)) move(pid, cores.others)
  const pinned = cleanUp.move()
  return {absent: undefined, [Symbol.dispose]: () => pinned.dispose()}
}

/** The first core for the server, the rest for the others; undefined when there is no rest. */
export function splitCores(allowed: string): Cores | undefined {
  const [first, ...rest] = allowed.split(',').flatMap(range => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    return Array.from({length: to - from + 1}, (_, index) => from + index)
  })
  return first === undefined || rest.length === 0 ? undefined : {server: String(first), others: rest.join(',')}
}

function unpinned(why: string): Pinned {
  return {absent: `server on a core of its own: ${why}`, [Symbol.dispose]: () => undefined}
}

/** Undefined where no such process is, or no /proc. */
function allowedList(pid: number): string | undefined {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(textOf(`/proc/${pid}/status`))?.[1]
}

// A supervisor and its program, or nginx and its workers, are one tree.
function withChildren(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter(word => word !== '')
  return [pid, ...children.map(Number).flatMap(withChildren)]
}

export function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

function keepOn(pid: number, list: string): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

function giveBack(pid: number, list: string): void {
  try {
    keepOn(pid, list)
  } catch (thrown) {
    // What has ended needs nothing back.
    if (allowedList(pid) !== undefined) throw thrown
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
