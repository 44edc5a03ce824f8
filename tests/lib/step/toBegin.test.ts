// A step that is loaded early waits for its turn, and does nothing when it does not come.
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {test} from 'node:test'
import {toBegin, waitsVariable} from '../../../scripts/lib/step/toBegin.ts'

test('without a runner a step begins at once, and reads nothing', async () => {
  const unread = new Readable({
    read: () => assert.fail('standard input belongs to whoever started the step'),
  })
  assert.equal(await toBegin(() => assert.fail('its turn is now'), {}, unread), true)
})

test('with a runner it begins when it is told, and its own children wait for nobody', async () => {
  const variables = {[waitsVariable]: 'yes', OTHER: 'kept'}
  const input = new Readable({read: () => undefined})
  let begun = false
  const warm: string[] = []
  const warmUp = () => {
    warm.push('warmed up')
    throw new Error('a fault that its turn will tell')
  }
  const turn = toBegin(warmUp, variables, input).then(told => {
    begun = told
  })
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual([begun, warm], [false, ['warmed up']])
  input.push('begin\n')
  await turn
  assert.equal(begun, true)
  assert.deepEqual(variables, {OTHER: 'kept'})
})

test('with a runner that goes away it does not begin', async () => {
  assert.equal(await toBegin(() => undefined, {[waitsVariable]: 'yes'}, Readable.from([])), false)
})
