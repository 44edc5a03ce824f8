// What is left of what was ended: looked for again, but not for ever.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {lasting} from '../../../scripts/lib/async/lasting.ts'

test('what goes within the time is not left, and nobody looks on', async () => {
  const seen = [['one', 'two'], ['two'], []]
  let looks = 0
  assert.deepEqual(await lasting(() => seen[looks++] ?? ['again']), [])
  assert.equal(looks, 3)
})

test('what stays is told as it was seen last', async () => {
  let looks = 0
  const left = await lasting(async () => [`look ${++looks}`])
  assert.deepEqual(left, [`look ${looks}`])
  assert.ok(looks > 1)
})
