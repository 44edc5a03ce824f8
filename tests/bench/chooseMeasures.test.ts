// Proves that measures are found by their own name and by those of their figures, and that no two share one.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {chooseMeasures} from '../../bench/chooseMeasures.ts'
import {measures} from '../../bench/measures/index.ts'

const chosen = (names: string[]) => chooseMeasures(measures, names).map(measure => measure.name)

test('no name means all, in the order of the index', () => {
  assert.deepEqual(
    chosen([]),
    measures.map(({name}) => name),
  )
  assert.equal(new Set(chosen([])).size, measures.length)
})

test('a measure is found by its name and by a figure of it, and taken once', () => {
  assert.deepEqual(chosen(['health-200-memory', 'staging-quick', 'staging-overhead', 'staging']), [
    'staging',
    'health-200',
  ])
})

test('an unknown name is a fault that lists the known', () => {
  assert.throws(
    () => chosen(['staging-qiuck']),
    (thrown: Error & {remedy?: string}) =>
      thrown.message === 'there is no measure staging-qiuck' &&
      /^did you mean "staging-quick"\? known: staging, staging-quick/.test(thrown.remedy ?? ''),
  )
})

test('no two figures have the same name', () => {
  const names = measures.flatMap(measure => measure.figures.map(figure => figure.name))
  assert.deepEqual(names, [...new Set(names)])
})
