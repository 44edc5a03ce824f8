// What a run does at the second and the third Ctrl-C: says what it is doing and how to leave it, then leaves it.
import {writeSync} from 'node:fs'
import type {PressedAgain} from '../scripts/lib/cli/cancellation.ts'
import type {Flags} from '../scripts/lib/cli/flags.ts'
import {nextCommand} from '../scripts/lib/cli/nextCommand.ts'
import {hasCursor} from '../scripts/lib/cli/terminal.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import {stepEnds} from '../scripts/lib/journal/facts.ts'
import {endOrphans} from '../scripts/lib/step/endOrphans.ts'
import {endOfStep} from './endOfStep.ts'
import type {StepQueue} from './stepQueue.ts'

export interface PressedInRun {
  run: string
  /** Path of the journal. */
  journal: string
  flags: Flags
  read: Parameters<typeof endOfStep>[3]
  queue: Pick<StepQueue, 'abandon'>
  /** Whether a step began that changes live. */
  changesLive: () => boolean
  /** Shows a line where the run is shown. */
  notice: (line: string) => void
  /** For tests: what ends this process. */
  exit?: (code: number) => void
}

export function pressedAgain(of: PressedInRun): Required<PressedAgain> {
  const {run, journal, flags, read, queue, changesLive, notice, exit = process.exit} = of
  const recover = () => recoverCommand(flags, run, changesLive())
  return {
    second: () => {
      const does = changesLive() ? 'rolling back' : 'cleaning up'
      notice(`${does}; press Ctrl-C again to leave it as it is, then: ${recover()}`)
    },
    third: () => {
      queue.abandon()
      endOrphans(run)
      const end = {code: exitCode.cancelled, cancelled: true, detail: 'ended at once by a third Ctrl-C', ms: 0}
      for (const step of openSteps(read)) endOfStep(journal, step, end, read)
      sayAtOnce(`left as it is; the next command: ${recover()}`)
      exit(exitCode.cancelled)
    },
  }
}

/** What puts right what a run left: a change of live is resumed, a rehearsal is removed. */
function recoverCommand(flags: Flags, run: string, changesLive: boolean): string {
  return changesLive ? nextCommand('resume', flags) : nextCommand('cleanup', flags, '--run', run)
}

function openSteps(read: PressedInRun['read']): string[] {
  try {
    return [...stepEnds(read()).values()].flatMap(({state, step}) => (state === 'started' ? [step] : []))
  } catch {
    // A journal that cannot be read must not keep the run from ending.
    return []
  }
}

// Around the live display, which keeps back whatever else is printed; it had hidden the cursor.
function sayAtOnce(line: string): void {
  const shown = hasCursor(process.stdout, process.env) ? `\u001b[?25h\r\n${line}\r\n` : `${line}\n`
  try {
    writeSync(process.stderr.fd, shown)
  } catch {
    // Nobody reads it any more.
  }
}
