import assert from 'node:assert/strict'
import {test} from 'node:test'
import {makeHold} from '../../ingress/hold.ts'

const limits = {maximumRequests: 2, maximumBytes: 100, maximumMs: 1000}
const never = {onCancel() {}}

test('those who wait go on in their order', async () => {
  const hold = makeHold(() => {})
  const order: number[] = []
  const waits = [1, 2].map(n => hold.wait(limits, 1, performance.now() + 5000, never).then(end => order.push(n) && end))
  assert.equal(hold.held(), 2)
  hold.releaseAll()
  assert.deepEqual(await Promise.all(waits), ['release', 'release'])
  assert.deepEqual([order, hold.held()], [[1, 2], 0])
})

test('number, bytes and time are bounded, and a place is free again when one leaves', async () => {
  const hold = makeHold(() => {})
  let cancel = () => {}
  const first = hold.wait(limits, 60, performance.now() + 5000, {onCancel: leave => (cancel = leave)})
  assert.equal(await hold.wait(limits, 60, performance.now() + 5000, never), 'full')
  const second = hold.wait(limits, 10, performance.now() + 20, never)
  assert.equal(await hold.wait(limits, 1, performance.now() + 5000, never), 'full')
  assert.equal(await second, 'deadline')
  cancel()
  assert.equal(await first, 'cancelled')
  const third = hold.wait(limits, 100, performance.now() + 5000, never)
  hold.releaseAll()
  assert.equal(await third, 'release')
})
