// Proves how samples are summarized: median, spread, ratio by pairs, and the verdict against a limit relative to the first peer.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {measured, unmeasured} from '../../bench/figureResult.ts'
import {sampleMeasure} from './sampleMeasure.ts'

const {measure} = sampleMeasure([])
const own = [
  {speed: 4, size: 100},
  {speed: 9, size: 500},
  {speed: 5, size: 299.99961},
]

test('a figure has its samples, its spread, its limit and its peers', () => {
  const [speed] = measured(measure, {
    own,
    peers: [
      {title: 'bare', samples: [{speed: 2}, {speed: 3}, {speed: 1}]},
      {title: 'other', samples: [{speed: 8}, {speed: 8}, {speed: 8}]},
    ],
  })
  assert.deepEqual(speed, {
    name: 'speed',
    measure: 'both',
    title: 'how fast',
    unit: 's',
    samples: [4, 9, 5],
    median: 5,
    min: 4,
    max: 9,
    limit: {bound: 'at most', value: 5, formula: '2 × peer + 1'},
    ok: true,
    peers: [
      // 4/2, 9/3, 5/1: the pairs' own ratios, not 5/2.
      {title: 'bare', samples: [2, 3, 1], median: 2, min: 1, max: 3, ratio: 3},
      {title: 'other', samples: [8, 8, 8], median: 8, min: 8, max: 8, ratio: 0.625},
    ],
  })
})

test('the limit is that beside the first peer', () => {
  const peers = [
    {title: 'bare', samples: [{speed: 1}, {speed: 1}, {speed: 1}]},
    {title: 'slow', samples: [{speed: 9}, {speed: 9}, {speed: 9}]},
  ]
  const [speed] = measured(measure, {own, peers})
  assert.equal(speed?.ok, false)
  assert.equal(speed?.limit?.value, 3)
})

test('without a limit it promises nothing, so it holds', () => {
  const free = {...measure, figures: measure.figures.map(({limit: _, ...figure}) => figure)}
  const [speed] = measured(free, {own, peers: []})
  assert.deepEqual([speed?.ok, speed?.median, speed?.limit], [true, 5, undefined])
})

test('a peer that gives no such number is none of that figure', () => {
  const [, size] = measured(measure, {own, peers: [{title: 'bare', samples: [{speed: 2}, {speed: 2}, {speed: 2}]}]})
  assert.deepEqual(size?.peers, [])
  assert.equal(size?.median, 300)
  assert.equal(size?.ok, true)
})

test('there is no ratio to a peer of nothing, and a peer that could not be measured is told', () => {
  const [speed] = measured(measure, {
    own,
    peers: [{title: 'bare', samples: [{speed: 0}, {speed: 0}, {speed: 0}]}],
    absent: ['nginx: not here'],
  })
  assert.deepEqual(speed?.peers, [{title: 'bare', samples: [0, 0, 0], median: 0, min: 0, max: 0}])
  assert.deepEqual(speed?.absent, ['nginx: not here'])
})

test('a sample without a figure is a fault, not a gap', () => {
  const peers = [{title: 'bare', samples: [{speed: 1}]}]
  assert.throws(() => measured(measure, {own: [{speed: 1}], peers}), /should have the figure size, got \{"speed":1\}/)
})

test('what could not be measured does not hold', () => {
  assert.deepEqual(unmeasured(measure, 'no server'), [
    {name: 'speed', measure: 'both', title: 'how fast', unit: 's', ok: false, fault: 'no server'},
    {name: 'size', measure: 'both', title: 'how big', unit: 'MB', ok: false, fault: 'no server'},
  ])
})
