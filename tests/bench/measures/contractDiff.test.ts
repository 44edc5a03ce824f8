import assert from 'node:assert/strict'
import {test} from 'node:test'
import {changingSurface, contractDiff} from '../../../bench/measures/contractDiff.ts'
import {diffSurfaces} from '../../../scripts/lib/contract/diffSurfaces.ts'

test('X6 the measured diff finds every change: nothing is skipped to be quick', () => {
  const differences = diffSurfaces(changingSurface('before', 40), changingSurface('after', 40))
  const of = (kind: string) => differences.filter(difference => difference.kind === kind).length
  assert.deepEqual([of('breaking'), of('compatible'), of('unknown')], [4, 80, 0])
})

test('X6 a sample of the measure is a time', async () => {
  await using opened = await contractDiff.open(new AbortController().signal)
  const sample = await opened.sample()
  assert.deepEqual(
    Object.keys(sample),
    contractDiff.figures.map(({name}) => name),
  )
  assert.ok((sample['contract-diff'] ?? 0) > 0)
})
