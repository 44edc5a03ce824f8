// The ingress: the one process in front of all servers of an instance. `node main.ts CONFIG.json`
import {hash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {type IngressConfig, readConfig} from './config.ts'
import {startIngress} from './ingress.ts'
import {makeLog} from './log.ts'

// Its supervisor leaves the umask to the program, and what it writes is for its own user.
process.umask(0o077)
const path = process.argv[2]
if (path === undefined) fail('usage: node main.ts CONFIG.json', 2)
const config = configuration(path)
const log = makeLog(writeLine, {instance: config.instance})
process.stdout.on('error', () => undefined)

try {
  const ingress = await startIngress(config, log, process.env, hash('sha256', readFileSync(import.meta.filename)))
  const stop = (signal: string) => {
    log.event('stopping', {signal})
    ingress.stop().then(
      () => {
        log.event('stopped')
        process.exit(0)
      },
      (error: Error) => fail(error.message, 1),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal))
} catch (error) {
  fail(startFault(error as NodeJS.ErrnoException, config), 1)
}

// A full disk, or a pipe that nobody reads any more, must not end what all calls go through.
function writeLine(line: string): void {
  try {
    process.stdout.write(`${line}\n`)
  } catch {
    // There is no place left to tell it.
  }
}

function configuration(file: string): IngressConfig {
  try {
    return readConfig(readFileSync(file, 'utf8'), file)
  } catch (error) {
    return fail(`the ingress cannot start: ${error instanceof Error ? error.message : String(error)}`, 2)
  }
}

function startFault(error: NodeJS.ErrnoException, {listen: {host, port}}: IngressConfig): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${port} of ${host} is in use by another process; end it, or give the ingress another port`
  }
  if (error.code === 'EACCES') return `port ${port} of ${host} may not be taken by this user; use one above 1023`
  return `the ingress cannot start: ${error.message}`
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
