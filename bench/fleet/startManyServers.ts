// Starts the process that stands for a large fleet: many servers on many ports, so that memory is not what is measured.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {withDeadline} from '../../scripts/lib/async/withDeadline.ts'

export interface ManyServers extends AsyncDisposable {
  pid: number
  ports: number[]
}

const startsWithinMs = 20_000

/** The first server waits `slowMs` before each answer; the others answer at once. */
export async function startManyServers(count: number, slowMs: number): Promise<ManyServers> {
  const program = join(import.meta.dirname, 'manyServers.mjs')
  const child = spawn(process.execPath, [program, String(count), String(slowMs)], {stdio: ['pipe', 'pipe', 'inherit']})
  const exited = once(child, 'exit')
  const end = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    const lines = createInterface(child.stdout)
    const [line] = await withDeadline(
      () => Promise.race([once(lines, 'line'), exited.then(([code]) => Promise.reject(endedEarly(code)))]),
      startsWithinMs,
      `${count} servers to listen`,
    )
    return {pid: child.pid ?? 0, ports: JSON.parse(String(line)), [Symbol.asyncDispose]: end}
  } catch (thrown) {
    await end()
    throw thrown
  }
}

function endedEarly(code: unknown): Error {
  return new Error(`the process of the servers ended with exit code ${code} before it listened`)
}
