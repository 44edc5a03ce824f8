// A process of nobody that has by now the number which an old file names: it tells whether anybody asked it to end.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import type {TestContext} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {isRunning} from './localInstance.ts'

// It hears of a signal when its own short sleep is over.
const hearsWithinMs = 300

/** Ends with the test. `assertLeftAlone` waits for what it may have heard up to now. */
export async function innocentProcess(test: TestContext): Promise<{pid: number; assertLeftAlone: () => Promise<void>}> {
  const child = spawn('sh', ['-c', "trap 'echo asked' TERM; while :; do sleep 0.05; done"], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  test.after(() => child.kill('SIGKILL'))
  const said: string[] = []
  child.stdout.on('data', data => said.push(String(data)))
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  return {
    pid,
    assertLeftAlone: async () => {
      await pause(hearsWithinMs)
      assert.deepEqual([isRunning(pid), said], [true, []])
    },
  }
}
