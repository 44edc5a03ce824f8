// Finds the processes that belong to a rig: those that name its folder in their words or in their environment.
import {readdirSync, readFileSync, readlinkSync} from 'node:fs'

export interface Process {
  pid: number
  /** Its words, with blanks between. */
  argv: string
}

/** Processes with `text` in their command line or environment, but for this one. Linux only: elsewhere none is seen. */
export function processesWith(text: string): Process[] {
  return allProcesses().filter(({pid, argv}) => argv.includes(text) || read(pid, 'environ').includes(text))
}

/** Every process but this one. */
export function allProcesses(): Process[] {
  return pids().flatMap(pid => {
    const argv = read(pid, 'cmdline').replaceAll('\0', ' ').trim()
    // A zombie has no words left: it has ended and waits for its parent.
    return pid === process.pid || argv === '' ? [] : [{pid, argv}]
  })
}

/**
 * Whether something listens on that port that belongs to `text`, or to nobody that can be found. A port that was given back
 * may be another test's by now.
 */
export function listensFor(text: string, port: number): boolean {
  const first = ownersOf(port)
  // Who listened on it may have ended between the look at sockets and the look at processes; then nobody does the next time.
  const owners = first.includes(undefined) ? ownersOf(port) : first
  return owners.some(
    owner => owner === undefined || read(owner, 'cmdline').includes(text) || read(owner, 'environ').includes(text),
  )
}

/** The processes that listen on it; undefined stands for one that cannot be found. */
function ownersOf(port: number): (number | undefined)[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(path => lines(path).map(line => line.trim().split(/\s+/)))
  const listening = '0A'
  const inodes = sockets.flatMap(([, address = '', , state, , , , , , inode]) =>
    address.endsWith(local) && state === listening && inode !== undefined ? [inode] : [],
  )
  return inodes.map(inode => pids().find(pid => openFiles(pid).includes(`socket:[${inode}]`)))
}

/** Ends a process at once; one that is gone already is as good. */
export function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended.
  }
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}
