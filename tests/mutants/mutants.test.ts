// A fast part of the mutation score: when the machinery or a phase breaks, it shows here and not only in the whole score.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {mutants} from './list/index.ts'
import {isGood} from './score.ts'
import {scoreMutants} from './scoreMutants.ts'
import {wrongLine} from './scoreTable.ts'

const chosen = [
  'output-widened',
  'description-hidden',
  'second-copy-not-updated',
  'old-call-swallowed',
  'answer-wrong',
  'crashes-at-start',
  'tool-added',
  'result-larger',
  'title-added',
]
// What takes longest says least about the machinery.
const phases = ['configuration', 'reachability', 'tools', 'calls', 'contract', 'consistency', 'stale', 'security']

test('X15 some faults are caught over real processes, and some harmless changes raise no alarm', async t => {
  const some = mutants.filter(({name}) => chosen.includes(name))
  assert.ok(some.filter(({kind}) => kind === 'fault').length >= 6)
  const all = await scoreMutants({mutants: some, repeat: () => 1, only: phases, signal: t.signal})
  assert.deepEqual(all.filter(one => !isGood(one)).map(wrongLine), [])
})
