// Plays the steps of a pipeline through listr2, then what follows a failure, then what is always done.
import type {ListrTask} from 'listr2'
import {cancellation} from '../scripts/lib/cli/cancellation.ts'
import type {Flags} from '../scripts/lib/cli/flags.ts'
import {stepLine} from '../scripts/lib/cli/printed.ts'
import {hasCursor} from '../scripts/lib/cli/terminal.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import type {Entry} from '../scripts/lib/journal/entry.ts'
import {changeBegins, entriesOf} from '../scripts/lib/journal/facts.ts'
import {followJournal} from '../scripts/lib/journal/followJournal.ts'
import {visible} from '../scripts/lib/text/foreignText.ts'
import type {Pipeline, PipelineStep} from './pipelines.ts'
import {pressedAgain} from './pressedAgain.ts'
import {renderer} from './renderer.ts'
import {runExitCode} from './runExitCode.ts'
import {stepQueue} from './stepQueue.ts'

export interface RunSteps {
  pipeline: Pipeline
  run: string
  /** Path of the journal. */
  journal: string
  flags: Flags
}

/** The exit code of the run: the journal's verdict, unless a step was cancelled or a rollback failed. */
export async function runSteps({pipeline, run, journal, flags}: RunSteps): Promise<number> {
  const codes: number[] = []
  const failed: string[] = []
  const begun = new Set<string>()
  let closing = ''
  let current: Shown | undefined
  const look = renderer({
    json: flags.json,
    isTerminal: hasCursor(process.stdout, process.env),
    columns: process.stdout.columns ?? 0,
    github: Boolean(process.env.GITHUB_ACTIONS),
  })
  const entries = followJournal(journal)
  const queue = stepQueue([...pipeline.steps, ...pipeline.always], {run, journal, entries, flags})
  const notice = (line: string) => {
    if (look.prints) console.error(line)
    // The list of steps is all that is drawn, so it stands beside the step that works.
    else if (current !== undefined) current.entitle(`${current.one.title}: ${line}`)
  }
  const changesLive = () => changingLive(pipeline).some(step => begun.has(step))
  const {signal, dispose} = cancellation(pressedAgain({run, journal, flags, read: entries, queue, changesLive, notice}))
  signal.addEventListener('abort', () => notice('cancelled, so it is being ended'))
  queue.loadFirst()
  // Loaded meanwhile.
  const {Listr} = await import('listr2')

  const play = async (steps: readonly PipelineStep[], {after, cancellable, leftOut}: Play) => {
    if (steps.length === 0) return
    const tasks = steps.map(
      (one): ListrTask => ({
        title: one.title,
        // Once a step failed, the rest of its list would only tell consequences.
        skip: () =>
          leftOut ?? (!after && whyNotBegun(one, failed, flags.own['keep-going'] === true && !signal.aborted)),
        task: async (_, task) => {
          const onLine = (line: string) => {
            const shown = stepLine(line)
            if (look.prints) console.log(shown)
            else task.output = shown
          }
          const begin = () => queue.begin(one, {signal: cancellable ? signal : undefined, onLine})
          // A fault of ours must end the run as well: listr2 would show it and go on.
          const broken = (thrown: unknown) => {
            if (one.tells === undefined) {
              codes.push(exitCode.unjudged)
              failed.push(one.step)
            }
            throw thrown
          }
          if (look.folds) console.log(`::group::${one.title}`)
          current = {
            one,
            entitle: title => {
              task.title = title
            },
          }
          begun.add(one.step)
          let ended = await begin().catch(broken)
          if (look.folds) console.log('::endgroup::')
          // What was said beside it was about its work.
          if (!look.prints) task.title = one.title
          // What is always done must be done also when the system ended it, such as for want of memory.
          if (ended.killed && pipeline.always.includes(one)) {
            if (!flags.json) onLine(`${one.step} ${ended.summary}; it is done again`)
            ended = await begin().catch(broken)
          }
          // Whoever was not told, the run goes on.
          if (one.tells !== undefined) return
          codes.push(ended.code)
          if (ended.code !== exitCode.good) failed.push(one.step)
          closing = ended.output
          if (ended.code !== exitCode.good) throw new Error(visible(ended.summary))
        },
      }),
    )
    // Signals are ours: listr2 would end the run with 127 before anything could be cleaned up.
    await new Listr(tasks, {...look.options, exitOnError: false, registerSignalListeners: false}).run()
  }

  try {
    await play(pipeline.steps, {after: false, cancellable: true})
    const isBad = codes.some(code => code !== exitCode.good)
    if (signal.aborted) await play(pipeline.onCancel ?? [], {after: true, cancellable: false})
    const {onFailure, changesFrom} = pipeline
    const reached = changesFrom === undefined || begun.has(changesFrom)
    if (isBad && reached) {
      const why = changesFrom === undefined || changeBegan(entries) ? undefined : 'nothing was changed'
      await play(onFailure, {after: true, cancellable: false, leftOut: why})
    }
    await play(pipeline.always, {after: true, cancellable: false})
  } finally {
    queue.close()
    dispose()
  }
  if (!look.prints) process.stdout.write(`\n${closing.split('\n').map(stepLine).join('\n')}`)
  return runExitCode({entries, codes, cancelled: signal.aborted})
}

/** False for a step that begins, else why it does not. */
export function whyNotBegun(
  {despite = []}: Pick<PipelineStep, 'despite'>,
  failed: readonly string[],
  keepsGoing: boolean,
): string | false {
  if (failed.length === 0) return false
  if (!keepsGoing) return 'not begun, since a step before it failed'
  const missing = failed.filter(step => !despite.includes(step))
  return missing.length > 0 && `not begun, since it needs what failed: ${missing.join(', ')}`
}

interface Play {
  /** They follow a failure, or are always done. */
  after: boolean
  cancellable: boolean
  /** Why none of them is done. */
  leftOut?: string | undefined
}

interface Shown {
  one: PipelineStep
  entitle: (title: string) => void
}

/** The steps of a pipeline from which on live may be half changed. */
function changingLive({steps, changesFrom}: Pipeline): string[] {
  return changesFrom === undefined ? steps.map(({step}) => step).filter(step => step === '90-rollback') : [changesFrom]
}

// The intent is in the journal before the change.
function changeBegan(entries: () => readonly Entry[]): boolean {
  try {
    return entriesOf(entries(), 'fact').some(({name}) => name === changeBegins)
  } catch {
    // One that cannot be read does not say that there was none.
    return true
  }
}
