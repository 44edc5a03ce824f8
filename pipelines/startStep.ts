// Starts one step as a process, passes on what it prints, and writes its end into the journal when it could not.
import {execa} from 'execa'
import {exitCode} from '../scripts/lib/exitCode.ts'
import type {Flags} from '../scripts/lib/flags.ts'
import {stepEnds} from '../scripts/lib/journal/facts.ts'
import {openJournal} from '../scripts/lib/journal/journal.ts'
import {readJournal} from '../scripts/lib/journal/readJournal.ts'
import type {PipelineStep} from './pipelines.ts'
import {stepCommand} from './stepCommand.ts'

export interface StartStep {
  one: PipelineStep
  run: string
  journal: string
  flags: Flags
  /** Aborted when the run is to end; a step without it is left to finish. */
  signal: AbortSignal | undefined
  onLine: (line: string) => void
}

export interface EndedStep {
  code: number
  /** The whole of its standard output. */
  output: string
  /** Why it failed, in one line. */
  summary: string
}

/** How long a cancelled step may take to end what it started. */
const cancelGraceMs = 15_000

export async function startStep({one, run, journal, flags, signal, onLine}: StartStep): Promise<EndedStep> {
  const [file, words] = stepCommand(one, run, flags)
  const beganAt = performance.now()
  const child = execa(file, words, {
    reject: false,
    all: true,
    stdin: 'ignore',
    // In a group of its own: a Ctrl-C at the terminal reaches the runner only, which decides what is to end.
    detached: true,
    cleanup: true,
    forceKillAfterDelay: cancelGraceMs,
    env: {SEAWORTHY_RUNNER: String(process.pid), ...(process.stdout.isTTY ? {FORCE_COLOR: '1'} : {})},
  })
  const cancel = () => child.kill('SIGINT')
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  const lines = (async () => {
    for await (const line of child.iterable({from: 'all'})) onLine(String(line))
  })()
  const result = await child
  signal?.removeEventListener('abort', cancel)
  await lines
  const code = result.exitCode ?? exitCode.unjudged
  const detail = endOfStep(journal, one.step, code, result.signal, Math.round(performance.now() - beganAt))
  return {code, output: `${result.stdout}\n`, summary: detail}
}

// A step that was killed has no last word of its own.
function endOfStep(journal: string, step: string, code: number, signal: string | undefined, ms: number): string {
  const end = stepEnds(readJournal(journal)).get(step)
  if (end?.state === 'finished') return end.detail?.split('\n')[0] ?? `ended with exit code ${code}`
  const detail = signal === undefined ? `ended with exit code ${code} and no last word` : `was killed by ${signal}`
  openJournal(journal, value => value, 'run').record({
    type: 'step',
    step,
    state: 'finished',
    verdict: 'error',
    exitCode: code,
    ms,
    detail,
  })
  return detail
}
