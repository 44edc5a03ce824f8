// The one door to the outside for steps: runs commands, with the intent journaled before and the result after.
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {$} from 'zx'
import type {Command} from './command.ts'
import {explain} from './explain.ts'
import type {EntryBody} from './journal/entry.ts'
import {UserError} from './userError.ts'

export interface Shell {
  /** Runs a command to its end and gives what it printed. Throws a `UserError` when it fails or its deadline passes. */
  run(command: Command): Promise<string>
}

export interface ShellOptions {
  record: (entry: EntryBody) => void
  signal: AbortSignal
  /** Values of the secrets that background commands may name. */
  secrets: Readonly<Record<string, string | undefined>>
}

const keptOutput = 2000

export function createShell({record, signal, secrets}: ShellOptions): Shell {
  const run = async (command: Command): Promise<string> => {
    signal.throwIfAborted()
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
        output: output.slice(-keptOutput),
      })
    // Looking leaves nothing to reconcile after a kill, so only changes announce themselves.
    if (!readOnly) record({type: 'command', id, state: 'started', why, argv, readOnly})
    try {
      const {exitCode, output} = command.background ? await launch(command, secrets) : await complete(command, signal)
      if (!readOnly || exitCode !== 0) finished(exitCode, output)
      if (exitCode !== 0)
        throw new UserError(
          `${why}: ${argv.join(' ')} ended with exit code ${exitCode}\n${output.trim().slice(-keptOutput)}`,
        )
      return output
    } catch (thrown) {
      if (!(thrown instanceof UserError)) finished(-1, explain(thrown))
      throw thrown
    }
  }
  return {run}
}

async function complete(
  {argv, why, deadlineMs}: Command,
  signal: AbortSignal,
): Promise<{exitCode: number; output: string}> {
  const overdue = AbortSignal.timeout(deadlineMs)
  const result = await $({
    signal: AbortSignal.any([signal, overdue]),
    quiet: true,
    nothrow: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    verbose: false,
  })`${argv}`
  signal.throwIfAborted()
  if (overdue.aborted) throw new UserError(`${why}: the deadline of ${deadlineMs} ms passed before ${argv[0]} ended`)
  return {exitCode: result.exitCode ?? -1, output: result.exitCode === 0 ? result.stdout : result.stdall}
}

// The process must outlive the step: its own session, no pipe of ours, and nothing of our environment.
async function launch(
  {argv, why, background}: Command,
  secrets: ShellOptions['secrets'],
): Promise<{exitCode: number; output: string}> {
  const [file = '', ...words] = argv
  const missing = background?.secrets.filter(name => secrets[name] === undefined) ?? []
  if (missing.length > 0) throw new UserError(`${why}: the secret ${missing.join(', ')} is not set`)
  const values = Object.fromEntries(background?.secrets.map(name => [name, secrets[name]]) ?? [])
  const child = spawn(file, words, {
    cwd: background?.folder,
    env: {...background?.environment, ...values},
    detached: true,
    stdio: 'ignore',
  })
  await once(child, 'spawn')
  child.unref()
  return {exitCode: 0, output: `pid ${child.pid}`}
}
