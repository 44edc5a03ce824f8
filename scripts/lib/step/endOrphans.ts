// Ends what the step of a run left behind when it was killed, such as a build command that nobody waits for any more.
import {namesIfThere} from '../files/ifThere.ts'
import {textIfReadable} from '../files/textIfReadable.ts'

/** The variable that every step of a run has and its children inherit; servers do not, since they must outlive the step. */
export const runVariable = 'SEAWORTHY_RUN'

/** To be called while no step of that run works, those of `spared` at most wait. Sees processes where there is /proc; elsewhere it ends none. */
export function endOrphans(run: string, spared: readonly number[] = []): void {
  for (const pid of pids()) {
    if (pid === process.pid || spared.includes(pid) || !environmentOf(pid).includes(`${runVariable}=${run}\0`)) continue
    kill(pid)
  }
}

/** Ends a process with its whole group, which it leads. */
export function endGroup(pid: number | undefined): void {
  if (pid !== undefined) kill(-pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function pids(): number[] {
  return namesIfThere('/proc').map(Number).filter(Number.isInteger)
}

function environmentOf(pid: number): string {
  // It may have ended meanwhile, or be of another user, and then it is none of ours.
  return `${textIfReadable(`/proc/${pid}/environ`, 'latin1') ?? ''}\0`
}
