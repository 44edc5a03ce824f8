// Work in turn: no more at a time than allowed, but what waits for somebody else gives its turn back.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {limitConcurrency} from '../../../scripts/lib/async/limitConcurrency.ts'

async function mostAtOnce(giveBackAfterMs: number | undefined, workMs: number): Promise<number> {
  const turn = limitConcurrency(2)
  let now = 0
  let most = 0
  const work = async () => {
    now += 1
    most = Math.max(most, now)
    await pause(workMs)
    now -= 1
  }
  await Promise.all(Array.from({length: 8}, () => turn(work, giveBackAfterMs)))
  // Every turn came back once: two may work again, and no more.
  most = 0
  await Promise.all(Array.from({length: 4}, () => turn(work)))
  return most
}

test('C10 two at a time, also after turns were given back early', async () => {
  assert.equal(await mostAtOnce(undefined, 10), 2)
  assert.equal(await mostAtOnce(5, 40), 2)
  assert.equal(await mostAtOnce(5000, 10), 2)
})

test('C10 servers that hang do not keep the others waiting', async () => {
  const turn = limitConcurrency(1)
  const began = performance.now()
  const hanging = turn(() => pause(2000), 20)
  await turn(async () => undefined)
  assert.ok(performance.now() - began < 1500)
  await hanging
})

test('C10 a fault goes to whoever asked for the work, and its turn to the next', async () => {
  const turn = limitConcurrency(1)
  const thrown = turn(() => {
    throw new Error('thrown at once')
  })
  const rejected = turn(() => Promise.reject(new Error('rejected')), 1000)
  const next = turn(async () => 'next')
  await assert.rejects(thrown, /^Error: thrown at once$/)
  await assert.rejects(rejected, /^Error: rejected$/)
  assert.equal(await next, 'next')
})
