// X6 The table of changes that two sets of rules judge differently is as the diff really judges.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {diffSurfaces} from '../../../scripts/lib/contract/diffSurfaces.ts'
import {mcpjamCases} from './mcpjamCases.ts'
import {surfaceOf} from './surfaceOf.ts'

const table = readFileSync(join(import.meta.dirname, '../../../docs/contract-diff.md'), 'utf8')

describe('X6 beside the rules of MCPJam', () => {
  for (const {what, before, after, ours} of mcpjamCases)
    test(`${what}: ${ours}`, () => {
      const surface = (members: object) => surfaceOf({tools: [{name: 't', ...members}]})
      const kinds = diffSurfaces(surface(before), surface(after)).map(({kind}) => kind)
      // What is no difference at all is compatible.
      const worst = (['breaking', 'unknown'] as const).find(kind => kinds.includes(kind)) ?? 'compatible'
      assert.equal(worst, ours)
    })
})

test('X6 the document has every case in which one of the two is wrong, with both answers', () => {
  const right = {
    breaking: 'breaks',
    compatible: 'holds',
    non_breaking: 'holds',
    informational: 'holds',
    unseen: 'holds',
    unknown: undefined,
  }
  const wrong = mcpjamCases.filter(({ours, theirs, truth}) => right[ours] !== truth || right[theirs] !== truth)
  assert.ok(wrong.length > 20)
  const rows = wrong.map(({what, theirs, ours, truth}) => `| ${what} | ${theirs} | ${ours} | ${truth} |`)
  assert.deepEqual(
    rows.filter(row => !table.includes(row)),
    [],
  )
})
