// Starts child processes for a build: the pinned npm, and the build commands of folders.
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

/** A child process that a build needs. It gets `environment` and nothing else, no shell, and no input. */
export interface BuildCommand {
  /** Sentence part for people: "install mcp-proxy@6.7.19". */
  why: string
  argv: string[]
  folder: string
  environment: Readonly<Record<string, string | undefined>>
  deadlineMs: number
}

export interface Outcome {
  ended: 'exit' | 'deadline'
  /** Undefined when a signal ended it, or when it could not be started. */
  exitCode: number | undefined
  stdout: string
  stderr: string
}

/** Gives the outcome of a command, whatever it is; throws only the reason of `signal`, with the child ended. */
export type RunCommand = (command: BuildCommand, signal: AbortSignal) => Promise<Outcome>

/** Runs a command; its whole process group is ended at the deadline or when `signal` aborts. */
export const runCommand: RunCommand = async ({argv, folder, environment, deadlineMs}, signal) => {
  signal.throwIfAborted()
  const [file = '', ...words] = argv
  const result = await execa(file, words, {
    cwd: folder,
    env: environment,
    extendEnv: false,
    cancelSignal: signal,
    timeout: deadlineMs,
    forceKillAfterDelay: 500,
    killDescendants: true,
    reject: false,
    stdin: 'ignore',
  })
  signal.throwIfAborted()
  return {
    ended: result.timedOut ? 'deadline' : 'exit',
    exitCode: result.exitCode,
    stdout: result.stdout,
    // A command that could not be started has said nothing itself.
    stderr: result.exitCode === undefined && result.stderr === '' ? (result.originalMessage ?? '') : result.stderr,
  }
}

/** Milliseconds that one child of a build may take. */
export const buildDeadlineMs = 300_000

// The bins that this project installs: npm itself, and what a folder's build command may use, such as esbuild.
const npmCli = join(dirname(fileURLToPath(import.meta.resolve('npm/package.json'))), 'bin', 'npm-cli.js')

/**
 * The arguments that start the pinned npm with the Node that runs us: quiet, errors as JSON, without lifecycle scripts but
 * those that `allowScripts` in the package.json of its folder names, where `runsScripts` says so.
 */
export function npmArgv(args: readonly string[], runsScripts = false): string[] {
  return [process.execPath, npmCli, ...args, `--ignore-scripts=${!runsScripts}`, ...quiet, ...sameTreeEverywhere]
}

const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--logs-max=0', '--json']

// Settings that a user's own .npmrc could turn, and that would change the tree or put a host into a lock.
const sameTreeEverywhere = [
  '--omit-lockfile-registry-resolved',
  '--install-strategy=hoisted',
  '--legacy-peer-deps=false',
  '--strict-peer-deps=false',
  '--bin-links',
  '--dangerously-allow-all-scripts=false',
]
