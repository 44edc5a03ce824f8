// Starts one step as a process that waits for its turn, passes on what it prints, and writes its end where it could not.
import {execa} from 'execa'
import {Cancelled} from '../scripts/lib/cli/cancellation.ts'
import type {Flags} from '../scripts/lib/cli/flags.ts'
import {hasColours} from '../scripts/lib/cli/terminal.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import type {Entry} from '../scripts/lib/journal/entry.ts'
import {endGroup, endOrphans, runVariable} from '../scripts/lib/step/endOrphans.ts'
import {waitsVariable} from '../scripts/lib/step/toBegin.ts'
import {endOfStep} from './endOfStep.ts'
import type {PipelineStep} from './pipelines.ts'
import {stepCommand} from './stepCommand.ts'

export interface LoadStep {
  one: PipelineStep
  run: string
  journal: string
  /** All that is in it by now. */
  entries: () => Entry[]
  flags: Flags
}

export interface LoadedStep {
  pid: number | undefined
  begin: (turn: Turn) => Promise<EndedStep>
  /** Ends a step whose turn will not come, since it did nothing but wait, and one that is to be left where it is. */
  drop: () => void
}

export interface Turn {
  /** Aborted when the run is to end; a step without it is left to finish. */
  signal: AbortSignal | undefined
  onLine: (line: string) => void
  /** Steps that wait while this one works, so that they are not taken for what it left behind. */
  waiting: () => number[]
}

export interface EndedStep {
  code: number
  /** The whole of its standard output. */
  output: string
  /** Why it failed, in one line. */
  summary: string
  /** Ended by a signal, without a last word. */
  killed: boolean
}

/** How long a cancelled step may take to end what it started; what it leaves is ended by the steps that follow. */
const cancelGraceMs = 30_000

/** A process takes a fifth of a second until its code is there, which the step before it can well spend working. */
export function loadStep({one, run, journal, entries, flags}: LoadStep): LoadedStep {
  const [file, words] = stepCommand(one, run, flags)
  const child = execa(file, words, {
    reject: false,
    all: true,
    stdin: 'pipe',
    // In a group of its own: a Ctrl-C at the terminal reaches the runner only, which decides what is to end.
    detached: true,
    env: {
      SEAWORTHY_RUNNER: String(process.pid),
      [runVariable]: run,
      [waitsVariable]: 'yes',
      // It prints into a pipe, which reaches this terminal.
      ...(hasColours(process.stdout, process.env) ? {FORCE_COLOR: '1'} : {}),
    },
  })
  const {stdin, pid} = child.nodeChildProcess
  // One that was killed while it waited is told of at its turn, not by a broken pipe.
  stdin?.on('error', () => undefined)
  // From now on, since what cannot be loaded says so before its turn.
  const output = child.iterable({from: 'all'})

  const begin = async ({signal, onLine, waiting}: Turn): Promise<EndedStep> => {
    if (signal?.aborted) {
      endGroup(pid)
      const end = {code: exitCode.cancelled, cancelled: true, detail: `${cancelledBy(signal)} before it began`, ms: 0}
      return {code: end.code, output: '', summary: endOfStep(journal, one.step, end, entries), killed: false}
    }
    const beganAt = performance.now()
    // At its exit, not at the end of its output, which an orphan may hold open.
    child.nodeChildProcess.once('exit', (_, by) => by !== null && endOrphans(run, waiting()))
    let overdue: NodeJS.Timeout | undefined
    const cancel = () => {
      child.kill('SIGINT')
      overdue = setTimeout(() => endGroup(pid), cancelGraceMs)
    }
    signal?.addEventListener('abort', cancel)
    const lines = (async () => {
      for await (const line of output) onLine(String(line))
    })()
    stdin?.end('begin\n')
    const result = await child
    clearTimeout(overdue)
    signal?.removeEventListener('abort', cancel)
    await lines
    const killed = result.exitCode === undefined
    // A signal that comes before the step listens for it ends it as well, and it is no less cancelled for that.
    const cancelled = signal?.aborted === true && killed
    const code = result.exitCode ?? (cancelled ? exitCode.cancelled : exitCode.unjudged)
    const byUs = result.signal === 'SIGKILL' ? `, and had not ended ${cancelGraceMs / 1000} s later` : ''
    const detail = cancelled ? `${cancelledBy(signal)}${byUs}, without a last word` : lastWord(code, result.signal)
    const ms = Math.round(performance.now() - beganAt)
    const summary = endOfStep(journal, one.step, {code, cancelled, detail, ms}, entries)
    return {code, output: `${result.stdout}\n`, summary, killed}
  }
  return {pid, begin, drop: () => endGroup(pid)}
}

function cancelledBy(signal: AbortSignal): string {
  return signal.reason instanceof Cancelled ? signal.reason.message : 'cancelled'
}

function lastWord(code: number, signal: string | undefined): string {
  return signal === undefined ? `ended with exit code ${code} and no last word` : `was killed by ${signal}`
}
