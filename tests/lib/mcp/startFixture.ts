// Starts one of the fixture servers as a real process on a free port of 127.0.0.1.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'

const folder = fileURLToPath(new URL('../../fixtures/servers/', import.meta.url))

/** The path of a fixture server. */
export const fixturePath = (name: string) => `${folder}${name}.mjs`

/** A running fixture; `await using` ends it. */
export type Fixture = {
  url: string
  port: number
  pid: number
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts `name` and waits until it says which port it listens on, at most 10 s. */
export async function startFixture(name: string, env: {[name: string]: string} = {}): Promise<Fixture> {
  const child = spawn(process.execPath, [fixturePath(name)], {
    env: {...env, PORT: '0'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000)
  let said = ''
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', part => (said += part))
    child.stdout.on('data', part => {
      said += part
      const port = /listening on (\d+)/.exec(said)?.[1]
      if (port) resolve(Number(port))
    })
    child.on('exit', () => reject(new Error(`${name} ended before it listened: ${said}`)))
  })
  clearTimeout(deadline)
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {url: `http://127.0.0.1:${port}/mcp`, port, pid: child.pid ?? 0, stop, [Symbol.asyncDispose]: stop}
}
