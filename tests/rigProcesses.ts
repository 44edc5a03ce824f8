// Finds the processes that belong to a rig: those that name its folder in their words or in their environment.
import {readdirSync, readFileSync} from 'node:fs'

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
