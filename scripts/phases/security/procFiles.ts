// Reads what Linux tells of processes below /proc; where there is no /proc there is nothing to read.
import {existsSync, readdirSync, readlinkSync} from 'node:fs'
import {textIfReadable} from '../../lib/files/textIfReadable.ts'

export interface ProcessSeen {
  pid: number
  /** The words that started it. */
  argv: string[]
  /** Its environment as it was when it started. Undefined when it may not be read. */
  environment: Record<string, string> | undefined
  /** Inodes of its sockets. Undefined when they may not be read. */
  sockets: Set<string> | undefined
}

interface Stat {
  pid: number
  parent: number
  session: number
  /** In clock ticks since the machine started. */
  startedAt: string
}

/** Whether this machine tells of its processes in that way. */
export function hasProc(): boolean {
  return existsSync('/proc/self/stat')
}

/**
 * The process of that identity (`pid@start`, as a target tells it) with all of its session and its descendants.
 * Undefined when it is not a process of this machine, or is another one by now.
 */
export function processesOf(identity: string): ProcessSeen[] | undefined {
  const [, pid, start] = /^(\d+)@(\d+)$/.exec(identity) ?? []
  const stats = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []))
  const root = stats.find(stat => stat.pid === Number(pid) && stat.startedAt === start)
  if (root === undefined) return undefined
  const children = Map.groupBy(stats, stat => stat.parent)
  const below = (stat: Stat): Stat[] => [stat, ...(children.get(stat.pid) ?? []).flatMap(below)]
  // What shares our own session was not started by a target that gives each program one of its own.
  const ours = statOf(process.pid)?.session
  const session = root.session === ours ? [] : stats.filter(stat => stat.session === root.session)
  const pids = new Set([...below(root), ...session].map(stat => stat.pid))
  return [...pids].flatMap(one => processSeen(one) ?? [])
}

function statOf(pid: number): Stat | undefined {
  const text = textIfReadable(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The name of the program stands in brackets, and may hold anything (proc_pid_stat(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {pid, parent: Number(fields[1]), session: Number(fields[3]), startedAt: fields[19] ?? ''}
}

function processSeen(pid: number): ProcessSeen | undefined {
  const argv = textIfReadable(`/proc/${pid}/cmdline`)
  if (argv === undefined) return undefined
  const environment = textIfReadable(`/proc/${pid}/environ`)
  return {
    pid,
    argv: argv.split('\0').filter(word => word !== ''),
    environment: environment === undefined ? undefined : Object.fromEntries(environment.split('\0').flatMap(pair)),
    sockets: socketsOf(pid),
  }
}

function pair(text: string): [string, string][] {
  const at = text.indexOf('=')
  return at < 1 ? [] : [[text.slice(0, at), text.slice(at + 1)]]
}

function socketsOf(pid: number): Set<string> | undefined {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).flatMap(name => linkOf(`/proc/${pid}/fd/${name}`) ?? [])
    return new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  } catch {
    // It ended meanwhile, or is of another user, and who asks says that it is not known.
    return undefined
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // It was closed meanwhile.
    return undefined
  }
}
