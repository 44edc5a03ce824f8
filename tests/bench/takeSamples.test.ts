// Proves that samples and peers are taken in turn, and that a measure is closed however its sampling ends.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {takeSamples} from '../../bench/takeSamples.ts'
import {sampleMeasure} from './sampleMeasure.ts'

const never = new AbortController().signal

test('ours and the peers are taken in turn, each as often as asked', async () => {
  const {measure, happened} = sampleMeasure(
    [
      {speed: 1, size: 10},
      {speed: 2, size: 20},
    ],
    {first: [{speed: 3}, {speed: 4}], second: [{size: 5}, {size: 6}]},
  )
  const samples = await takeSamples(measure, 2, never)
  assert.deepEqual(happened, ['opened', 'own', 'first', 'second', 'own', 'first', 'second', 'closed'])
  assert.deepEqual(samples, {
    own: [
      {speed: 1, size: 10},
      {speed: 2, size: 20},
    ],
    peers: [
      {title: 'first', samples: [{speed: 3}, {speed: 4}]},
      {title: 'second', samples: [{size: 5}, {size: 6}]},
    ],
  })
})

test('each sample is told as it comes', async () => {
  const {measure} = sampleMeasure([{speed: 1, size: 10}], {first: [{speed: 3}]})
  const told: unknown[] = []
  await takeSamples(measure, 1, never, (title, sample) => told.push([title, sample]))
  assert.deepEqual(told, [
    ['both', {speed: 1, size: 10}],
    ['first', {speed: 3}],
  ])
})

test('a sample that fails ends the measure, which is closed', async () => {
  const {measure, happened} = sampleMeasure([{speed: 1, size: 1}, new Error('the server did not start')], {
    first: [{speed: 1}],
  })
  await assert.rejects(takeSamples(measure, 3, never), /the server did not start/)
  assert.deepEqual(happened, ['opened', 'own', 'first', 'own', 'closed'])
})

test('no further sample is taken once the bench is cancelled', async () => {
  const {measure, happened} = sampleMeasure([{speed: 1, size: 1}], {first: [{speed: 1}]})
  const controller = new AbortController()
  const taken = takeSamples(measure, 2, controller.signal, () => controller.abort(new Error('cancelled')))
  await assert.rejects(taken, /cancelled/)
  assert.deepEqual(happened, ['opened', 'own', 'closed'])
})
