// Runs a program as a user would, in a process group of its own, and tells how long it took and how it ended.
import {execa} from 'execa'

export interface RunChild {
  argv: readonly [string, ...string[]]
  folder: string
  environment: Record<string, string>
  /** What is run, for messages. */
  what: string
  deadlineMs: number
  signal: AbortSignal
  /** How long it may take to clean up after SIGINT before its group is killed. */
  graceMs?: number
}

export interface EndedChild {
  /** From before the process was made until it had ended and its output was closed. */
  ms: number
  /** Time of day when it was started, in milliseconds since 1970, to compare with entries of a journal. */
  startedAtMs: number
  exitCode: number | undefined
  /** Standard output and standard error as they came. */
  output: string
}

/** Rejects when the deadline passes or `signal` is aborted, once the program and its group have ended. */
export async function runChild({
  argv,
  folder,
  environment,
  what,
  deadlineMs,
  signal,
  graceMs = 20_000,
}: RunChild): Promise<EndedChild> {
  signal.throwIfAborted()
  const [file, ...words] = argv
  const overdue = AbortSignal.timeout(deadlineMs)
  const either = AbortSignal.any([signal, overdue])
  const startedAtMs = Date.now()
  const beganAt = performance.now()
  const child = execa(file, words, {
    cwd: folder,
    env: environment,
    extendEnv: false,
    detached: true,
    reject: false,
    all: true,
    stdin: 'ignore',
  })
  const end = () => {
    endGroup(child.pid, 'SIGINT')
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs).unref()
  }
  either.addEventListener('abort', end)
  const result = await child
  either.removeEventListener('abort', end)
  const ms = performance.now() - beganAt
  signal.throwIfAborted()
  if (overdue.aborted)
    throw new Error(`${what}: the deadline of ${deadlineMs} ms passed; it said last:\n${result.all.slice(-1000)}`)
  if (result.exitCode === undefined) throw new Error(`${what}: could not be run: ${result.message ?? 'no exit code'}`)
  return {ms, startedAtMs, exitCode: result.exitCode, output: result.all}
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has exited.
  }
}
