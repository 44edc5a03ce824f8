// The wire over a child process: one JSON message a line on its stdin and stdout.
import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {defaultMaximumBytes} from './exchange.ts'
import {readLines} from './lines.ts'
import {stdioExchanges} from './stdioExchanges.ts'
import {stopChild} from './stopChild.ts'
import type {Wire} from './wire.ts'

/** The program to start. `env` is its whole environment: nothing is inherited. */
export type StdioCommand = {
  argv: string[]
  env?: {[name: string]: string}
  cwd?: string
  /** The longest line that is read from the process; default 10 MiB. */
  maximumBytes?: number
}

/** A wire that also tells the last lines of stderr. */
export type StdioWire = Wire & {stderrLines: () => string[]}

const keptLines = 50

/** Starts the program. Faults of starting are told by the first exchange. */
export function stdioWire({argv, env = {}, cwd, maximumBytes = defaultMaximumBytes}: StdioCommand): StdioWire {
  const [program = '', ...rest] = argv
  // A group of its own, so that what the program starts (npx, a shell) ends with it.
  const child = spawn(program, rest, {env, cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true})
  const exchanges = stdioExchanges(line => child.stdin.write(`${line}\n`))
  const stderr: string[] = []

  child.on('error', error => exchanges.end('not-started', `${program} could not be started: ${error.message}`))
  // A write to a process that has ended must not become an unhandled error; 'close' tells what happened.
  child.stdin.on('error', () => {})
  readLines(child.stdout, maximumBytes, {
    onLine: exchanges.take,
    onTooLong: () => exchanges.end('too-large', `a line of stdout is longer than ${maximumBytes} bytes`),
  })
  createInterface({input: child.stderr}).on('line', line => {
    stderr.push(line.slice(0, 1000))
    if (stderr.length > keptLines) stderr.shift()
  })
  child.on('close', (code, signal) => {
    const last = stderr.at(-1)
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`
    exchanges.end('closed', `the process ended with ${how}${last === undefined ? '' : `; its last line: ${last}`}`)
  })
  return {
    kind: 'stdio',
    send: exchanges.send,
    async close() {
      const {exitCode, stopSignal} = await stopChild(child)
      return {sessionDeleted: false, exitCode, stopSignal}
    },
    stderrLines: () => [...stderr],
  }
}
