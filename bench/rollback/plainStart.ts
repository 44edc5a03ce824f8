// The peer of a rollback: the same programs started side by side by nothing but the kernel, until each answers.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import type {Instance, InstanceServer} from '../../scripts/lib/target/instance.ts'
import type {Edition} from '../sample/sampleFolder.ts'
import {untilEdition} from './untilEdition.ts'

export interface PlainStart {
  /** What none of runs: its programs have stopped, their folders are still there. */
  instance: Instance
  wanted: Edition
  secrets: Readonly<Record<string, string>>
  signal: AbortSignal
}

/** Milliseconds from the first start until the last program answers. They have ended when this returns. */
export async function plainStart({instance: {servers}, wanted, secrets, signal}: PlainStart): Promise<number> {
  const startedAtMs = Date.now()
  const started = servers.map(server => start(server, secrets))
  try {
    const urls = Object.fromEntries(servers.map(({name, url}) => [name, url]))
    return (await untilEdition({urls, wanted, signal})) - startedAtMs
  } finally {
    await Promise.all(started.map(end => end()))
  }
}

function start({argv, environment, secrets: names, folder}: InstanceServer, secrets: PlainStart['secrets']) {
  const [file = '', ...words] = argv
  const own = Object.fromEntries(names.map(name => [name, secrets[name]]))
  const child = spawn(file, words, {cwd: folder, env: {...environment, ...own}, detached: true, stdio: 'ignore'})
  const ended = once(child, 'close')
  return async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
}
