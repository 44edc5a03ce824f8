// Proves that the table says every number with its unit and its limit, and stays a table whatever a fault says.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {FigureResult} from '../../bench/figureResult.ts'
import {markdownTable} from '../../bench/markdownTable.ts'

const speed: FigureResult = {
  name: 'speed',
  measure: 'both',
  title: 'how fast',
  unit: 's',
  samples: [1.23456, 2, 1],
  median: 1.23456,
  min: 1,
  max: 2,
  limit: {bound: 'at most', value: 6.5, formula: '1.5 × peer + 2'},
  ok: true,
  peers: [{title: 'bare', samples: [3], median: 3, min: 3, max: 3, ratio: 0.41152}],
}

const rows: [string, FigureResult, string][] = [
  [
    'a figure beside a peer',
    speed,
    '| speed | how fast | 1.23 s | 1 – 2 | ≤ 6.5 s (1.5 × peer + 2) | bare: 3 s, ratio 0.412 | 3 | ✓ |',
  ],
  [
    'a figure that misses its limit, alone',
    {...speed, peers: [], ok: false, median: 1234.5, limit: {bound: 'at least', value: 2000}},
    '| speed | how fast | 1235 s | 1 – 2 | ≥ 2000 s |  | 3 | ✗ |',
  ],
  [
    'a peer of which there is no ratio, and one that could not be measured',
    {...speed, peers: [{title: 'bare', samples: [0], median: 0, min: 0, max: 0}], absent: ['nginx: not here']},
    '| speed | how fast | 1.23 s | 1 – 2 | ≤ 6.5 s (1.5 × peer + 2) | bare: 0 s; nginx: not here | 3 | ✓ |',
  ],
  [
    'a figure without a limit',
    {...speed, limit: undefined},
    '| speed | how fast | 1.23 s | 1 – 2 |  | bare: 3 s, ratio 0.412 | 3 |  |',
  ],
  [
    'a figure that could not be measured',
    {name: 'speed', measure: 'both', title: 'how fast', unit: 's', ok: false, fault: 'no a|b\nat line 3'},
    '| speed | how fast | not measured |  |  | no a\\|b | 0 | ✗ |',
  ],
]

for (const [what, result, expected] of rows)
  test(what, () => {
    assert.equal(markdownTable([result]).split('\n')[2], expected)
  })

test('head and rows have as many cells', () => {
  const lines = markdownTable(rows.map(([, result]) => result))
    .trimEnd()
    .split('\n')
  assert.equal(lines.length, 2 + rows.length)
  assert.deepEqual(new Set(lines.map(line => line.split(/(?<!\\)\|/).length)), new Set([10]))
})
