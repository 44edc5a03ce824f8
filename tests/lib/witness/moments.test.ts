import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {startMoments} from '../../../scripts/lib/witness/moments.ts'

test('a gap names the moment before it and those within it', async () => {
  const moments = startMoments()
  assert.equal(moments.current(), 'start')
  await pause(5)
  moments.mark('hold')
  const fromMs = moments.now() + 1
  await pause(10)
  moments.mark('switch')
  const untilMs = moments.now()
  await pause(5)
  moments.mark('drained')
  assert.equal(moments.current(), 'drained')
  const {since, moments: within, ms} = moments.gap(fromMs, untilMs)
  assert.deepEqual([since, within], ['hold', ['switch']])
  assert.equal(ms, Math.round(untilMs - fromMs))
  assert.deepEqual(
    moments.list().map(({name}) => name),
    ['start', 'hold', 'switch', 'drained'],
  )
})
