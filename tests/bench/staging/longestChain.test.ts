// Proves that the longest chain counts what runs at the same time once, and what runs one after another in full.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {longestChain} from '../../../bench/staging/longestChain.ts'

type Row = [what: string, from: number, to: number, waitMs?: number]

const cases: [string, Row[], number, string][] = [
  ['nothing', [], 0, ''],
  ['one span', [['a', 10, 40]], 30, 'a'],
  [
    'one after another, even without a gap',
    [
      ['a', 0, 10],
      ['b', 10, 25],
    ],
    25,
    'a b',
  ],
  [
    'given in no order',
    [
      ['b', 10, 25],
      ['a', 0, 10],
    ],
    25,
    'a b',
  ],
  [
    'at the same time: the longest',
    [
      ['a', 0, 30],
      ['b', 5, 40],
      ['c', 0, 20],
    ],
    35,
    'b',
  ],
  [
    'two short ones outweigh a long one',
    [
      ['a', 0, 10],
      ['b', 5, 16],
      ['c', 11, 20],
    ],
    19,
    'a c',
  ],
  [
    'only what was waited counts',
    [
      ['a', 0, 100, 10],
      ['b', 50, 80, 25],
    ],
    25,
    'b',
  ],
  [
    'parallel batches in a row',
    [
      ['a', 0, 10],
      ['b', 0, 12],
      ['c', 12, 30],
      ['d', 12, 20],
    ],
    30,
    'b c',
  ],
  ['a span that waited for nothing adds nothing', [['a', 0, 10, 0]], 0, ''],
]

for (const [what, rows, waitMs, names] of cases)
  test(what, () => {
    const chain = longestChain(rows.map(([what, from, to, wait = to - from]) => ({what, from, to, waitMs: wait})))
    assert.deepEqual([chain.waitMs, chain.spans.map(span => span.what).join(' ')], [waitMs, names])
  })
