// Tells one process from another that got the same pid later, by the time at which it started.
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'

/** A text that differs between two processes with the same pid; undefined when there is no such process. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Fields 3, 20 and 22 of proc_pid_stat(5): state, threads, and the start time in clock ticks since boot. A zombie has ended,
    // but not one whose other threads still hold its files and ports.
    const [state, threads, start] = [afterName[0], Number(afterName[17]), afterName[19]]
    return state === 'Z' && threads <= 1 ? undefined : start
  } catch {
    // There is no such process, or no /proc.
    return process.platform === 'linux' ? undefined : startByPs(pid)
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return text === '' ? undefined : text
  } catch {
    // ps says no: there is no such process.
    return undefined
  }
}
