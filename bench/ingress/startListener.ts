// Starts a program that listens and says where, and ends it when it is disposed.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {withDeadline} from '../../scripts/lib/async/withDeadline.ts'

export interface Listener extends AsyncDisposable {
  pid: number
  port: number
}

const listensWithinMs = 20_000
// With SIGKILL alone the workers of a program would stay.
const endsWithinMs = 10_000

/** `port` finds the port in what the program has said so far. Rejects with what it said when it ends before. */
export async function startListener(
  argv: readonly [string, ...string[]],
  port: (said: string) => number | undefined,
): Promise<Listener> {
  const [file, ...words] = argv
  const child = spawn(file, words, {stdio: ['pipe', 'pipe', 'pipe'], env: {PATH: process.env.PATH ?? ''}})
  const exited = once(child, 'exit')
  const end = async () => {
    child.kill('SIGTERM')
    const impatient = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
    await exited
    clearTimeout(impatient)
  }
  let said = ''
  const listens = new Promise<number>(resolve => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        said += text
        const found = port(said)
        if (found !== undefined) resolve(found)
      })
  })
  const ended = exited.then(([code]) => Promise.reject(new Error(`${file} ended with exit code ${code}: ${said}`)))
  ended.catch(() => undefined)
  try {
    const found = await withDeadline(
      () => Promise.race([listens, ended]),
      listensWithinMs,
      `${argv.join(' ')} to listen`,
    )
    return {pid: child.pid ?? 0, port: found, [Symbol.asyncDispose]: end}
  } catch (thrown) {
    await end()
    throw thrown
  }
}
