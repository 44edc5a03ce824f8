import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {OutcomeKind} from '../../../scripts/lib/mcp/outcome.ts'
import {endOf} from '../../../scripts/lib/witness/endOf.ts'

const outcome = (kind: OutcomeKind) => ({kind, summary: `tools/call echo: ${kind}`, ms: 1, result: {content: []}})

test('X2 only a response counts as completed, and only its silent absence as lost silently', () => {
  const ends = ([kind]: [OutcomeKind]) => endOf(outcome(kind)).end
  assert.equal(ends(['result']), 'completed')
  assert.equal(ends(['no-response']), 'lostSilently')
  assert.equal(ends(['cancelled']), 'abandoned')
  const loud: OutcomeKind[] = [
    'tool-error',
    'rpc-error',
    'http-error',
    'reset',
    'closed',
    'refused',
    'deadline',
    'not-mcp',
  ]
  for (const kind of loud) assert.equal(ends([kind]), 'failedLoudly', kind)
})

test('a result that is not what is expected is answered wrongly; other outcomes are not asked', () => {
  const expect = () => ['text should contain 42']
  assert.deepEqual(endOf(outcome('result'), expect), {
    end: 'answeredWrongly',
    kind: 'unexpected',
    summary: 'text should contain 42',
  })
  assert.equal(endOf(outcome('no-response'), expect).end, 'lostSilently')
})
