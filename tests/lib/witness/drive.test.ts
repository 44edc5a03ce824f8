import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {drive} from '../../../scripts/lib/witness/drive.ts'

const {signal} = new AbortController()

test('the rate is kept, and callers take turns', async () => {
  const made = [0, 0, 0, 0]
  const callers = made.map((_, index) => async () => {
    made[index] = (made[index] ?? 0) + 1
  })
  const driven = drive({perSecond: 100, callers, onHeldBack: () => {}, signal})
  await pause(500)
  await driven.stop()
  const sum = made.reduce((total, count) => total + count, 0)
  assert.ok(sum >= 35 && sum <= 51, `${sum} calls in half a second at 100 a second`)
  assert.ok(Math.max(...made) - Math.min(...made) <= 1, String(made))
})

test('calls that were due while all callers waited are told, never made up for in a burst', async () => {
  const release = Promise.withResolvers<void>()
  let started = 0
  let heldBack = 0
  const caller = () => {
    started += 1
    return started <= 2 ? release.promise : Promise.resolve()
  }
  const onHeldBack = (calls: number) => {
    heldBack += calls
  }
  const driven = drive({perSecond: 200, callers: [caller, caller], onHeldBack, signal})
  await pause(250)
  assert.equal(started, 2)
  assert.ok(heldBack >= 20, `${heldBack} held back`)
  release.resolve()
  await pause(50)
  await driven.stop()
  assert.ok(started <= 2 + 25, `${started} calls after the release`)
})

test('stop waits for what is in flight and starts nothing more', async () => {
  let ended = 0
  let started = 0
  const caller = async () => {
    started += 1
    await pause(100)
    ended += 1
  }
  const driven = drive({perSecond: 100, callers: [caller, caller, caller], onHeldBack: () => {}, signal})
  await pause(60)
  await driven.stop()
  assert.equal(ended, started)
  const atStop = started
  await pause(50)
  assert.equal(started, atStop)
})

test('when the run is cancelled nothing more is started, although nobody stopped the drive', async () => {
  const abort = new AbortController()
  let started = 0
  const caller = async () => {
    started += 1
  }
  const driven = drive({perSecond: 200, callers: [caller], onHeldBack: () => {}, signal: abort.signal})
  await pause(60)
  abort.abort()
  const atAbort = started
  assert.ok(atAbort > 0)
  await pause(60)
  assert.equal(started, atAbort)
  await driven.stop()
})
