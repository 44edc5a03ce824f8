// The one door to the outside for steps: runs commands, with the intent journaled before and the result after.
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {withDeadline} from '../async/withDeadline.ts'
import {explain} from '../errors/explain.ts'
import {UserError} from '../errors/userError.ts'
import type {EntryBody} from '../journal/entry.ts'
import type {Redact} from '../journal/redactor.ts'
import type {Command} from './command.ts'

export interface Shell {
  /** Runs a command to its end and gives what it printed. Throws a `UserError` when it fails or its deadline passes. */
  run(command: Command): Promise<string>
}

export interface ShellOptions {
  record: (entry: EntryBody) => void
  signal: AbortSignal
  /** Values of the secrets that background commands may name. */
  secrets: Readonly<Record<string, string | undefined>>
  /**
   * Takes secrets out of what a command printed, before it is cut: half a secret could not be found any more. May be left
   * out where nothing is written down.
   */
  redact?: Redact
  /** Called right before a command that changes something; throws when it must not. */
  beforeChange?: (() => void) | undefined
}

const keptOutput = 2000

export function createShell({
  record,
  signal,
  secrets,
  redact = value => value,
  beforeChange = () => undefined,
}: ShellOptions): Shell {
  const run = async (command: Command): Promise<string> => {
    if (!command.always) signal.throwIfAborted()
    const id = randomBytes(4).toString('hex')
    const {why, argv, readOnly} = command
    const beganAt = performance.now()
    const finished = (exitCode: number, output: string) =>
      record({
        type: 'command',
        id,
        state: 'finished',
        why,
        argv,
        readOnly,
        exitCode,
        ms: Math.round(performance.now() - beganAt),
        output: lastPart(output),
      })
    // Looking leaves nothing to reconcile after a kill, so only changes announce themselves.
    if (!readOnly) {
      if (!command.always) beforeChange()
      record({type: 'command', id, state: 'started', why, argv, readOnly})
    }
    const {exitCode, output} = await begun(command).catch(thrown => {
      finished(-1, explain(thrown))
      throw thrown
    })
    if (!readOnly || exitCode !== 0) finished(exitCode, output)
    if (exitCode !== 0)
      throw new UserError(
        `${why}: ${argv.join(' ')} ended with exit code ${exitCode}\n${lastPart(output.trim())}`,
        'fix what it says (a full disk leaves it no words), then pnpm resume if a change of live is half done',
      )
    return output
  }
  const begun = async (command: Command) => {
    // To be written down takes as long as the disk does.
    if (!command.readOnly && !command.always) beforeChange()
    return command.background
      ? launch(command, secrets)
      : complete(command, command.always ? new AbortController().signal : signal)
  }
  const lastPart = (output: string) => redact(output).slice(-keptOutput)
  return {run}
}

async function complete(
  {argv, why, deadlineMs}: Command,
  signal: AbortSignal,
): Promise<{exitCode: number; output: string}> {
  // Most steps start before they need it, and some never do.
  const {$} = await import('zx/core')
  signal.throwIfAborted()
  const overdue = AbortSignal.timeout(deadlineMs)
  const bounded = AbortSignal.any([signal, overdue])
  const running = $({
    signal: bounded,
    // A group of its own, so that its children can be ended with it.
    detached: true,
    quiet: true,
    nothrow: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    verbose: false,
  })`${argv}`
  bounded.addEventListener('abort', () => endGroup(running.pid), {once: true})
  const result = await running
  signal.throwIfAborted()
  if (overdue.aborted) throw new UserError(`${why}: the deadline of ${deadlineMs} ms passed before ${argv[0]} ended`)
  return {exitCode: result.exitCode ?? -1, output: result.exitCode === 0 ? result.stdout : result.stdall}
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It had ended.
  }
}

// The process must outlive the step: its own session, nothing of our environment, and no pipe of ours once it is started.
// It says so by a word on its standard output, which it then closes; before that nobody could find it to end it.
async function launch(
  {argv, why, deadlineMs, background}: Command,
  secrets: ShellOptions['secrets'],
): Promise<{exitCode: number; output: string}> {
  const [file = '', ...words] = argv
  const optional = background?.optionalSecrets ?? []
  const missing = background?.secrets.filter(name => secrets[name] === undefined && !optional.includes(name)) ?? []
  if (missing.length > 0) throw new UserError(`${why}: the secret ${missing.join(', ')} is not set`)
  const values = Object.fromEntries(background?.secrets.map(name => [name, secrets[name]]) ?? [])
  const child = spawn(file, words, {
    cwd: background?.folder,
    env: {...background?.environment, ...values},
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child, 'spawn')
  const exited = once(child, 'exit')
  const late = `${why}: it did not say that it started`
  const said = await withDeadline(() => text(child.stdout), deadlineMs, late).catch(thrown => {
    // It may be half started, and its open pipe would keep this step from ending.
    endGroup(child.pid)
    child.stdout.destroy()
    throw thrown
  })
  if (said === '') return {exitCode: Number((await exited)[0] ?? -1), output: `pid ${child.pid} ended without a word`}
  child.unref()
  return {exitCode: 0, output: `pid ${child.pid} ${said.trim()}`}
}
