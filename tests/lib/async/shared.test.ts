import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setImmediate as turn} from 'node:timers/promises'
import {shared} from '../../../scripts/lib/async/shared.ts'

function counted() {
  const ends: ((value: number) => void)[] = []
  let begun = 0
  const work = () => {
    begun += 1
    return new Promise<number>(resolve => ends.push(resolve))
  }
  const end = (value: number) => ends.shift()?.(value)
  return {work, end, begun: () => begun}
}

test('whoever asks while it works shares the next one, never the one that began before', async () => {
  const {work, end, begun} = counted()
  const look = shared(work)
  const first = look()
  const second = look()
  const third = look()
  assert.equal(begun(), 1)
  end(1)
  assert.equal(await first, 1)
  await turn()
  assert.equal(begun(), 2)
  end(2)
  assert.deepEqual(await Promise.all([second, third]), [2, 2])
  const fourth = look()
  assert.equal(begun(), 3)
  end(3)
  assert.equal(await fourth, 3)
})

test('a fault goes to those who shared it and to nobody else', async () => {
  let looks = 0
  const look = shared(async () => {
    looks += 1
    if (looks === 1) throw new Error('not now')
    return 'seen'
  })
  const first = look()
  const second = look()
  await assert.rejects(first, /not now/)
  assert.equal(await second, 'seen')
})
