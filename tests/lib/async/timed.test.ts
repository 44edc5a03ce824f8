// What a piece of work took, and what of it was waiting.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {timed} from '../../../scripts/lib/async/timed.ts'

test('a pause is waiting, and the result is that of the work', async () => {
  const {result, took} = await timed(() => pause(200, 'done'))
  assert.equal(result, 'done')
  assert.ok(took.ms >= 199 && took.waitedMs > 100 && took.waitedMs <= took.ms, JSON.stringify(took))
})

test('what this process worked itself is not', async () => {
  const {took} = await timed(async () => {
    const before = process.cpuUsage()
    while (process.cpuUsage(before).user < 150_000);
  })
  // On a busy machine it waits for a processor as well, and that is not told apart.
  assert.ok(took.waitedMs <= took.ms - 150, JSON.stringify(took))
})
