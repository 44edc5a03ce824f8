// How much a program and what it started wanted of the processors: what it got, and what it had to wait for.
import {textIfReadable} from '../files/textIfReadable.ts'

/**
 * In ms since they began: time on a processor and time ready to run, of the first thread of each process (proc_pid_schedstat).
 * `identity` is `pid@start`, as a target names a process. Undefined where the machine does not say.
 */
export function processorTimeMs(identity: string | undefined): number | undefined {
  const [, pid] = /^(\d+)@/.exec(identity ?? '') ?? []
  return pid === undefined ? undefined : timeOf(pid)
}

function timeOf(pid: string): number | undefined {
  const [ran, waited] = textIfReadable(`/proc/${pid}/schedstat`)?.split(' ').map(Number) ?? []
  if (ran === undefined || waited === undefined) return undefined
  const children =
    textIfReadable(`/proc/${pid}/task/${pid}/children`)
      ?.trim()
      .split(' ')
      .filter(one => one !== '') ?? []
  // A child that ended meanwhile wants nothing any more.
  return children.reduce((sum, child) => sum + (timeOf(child) ?? 0), (ran + waited) / 1e6)
}
