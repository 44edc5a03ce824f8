import assert from 'node:assert/strict'
import {test} from 'node:test'
import {phaseTimes} from '../../../bench/staging/phaseTimes.ts'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms).toISOString()
const check = (ms: number, phase: string, name: string, by = '80-verify') =>
  ({type: 'check', at: at(ms), by, phase, check: `${phase}/${name}`, verdict: 'pass', detail: ''}) as Entry

test('a phase took from the last check of the one before it to its own last', () => {
  const entries: Entry[] = [
    check(5, 'health', 'steady', '70-health'),
    {type: 'step', at: at(100), step: '80-verify', state: 'started'} as Entry,
    check(150, 'truth', 'applies'),
    check(300, 'tools', 'listed'),
    check(400, 'tools', 'order'),
    check(1400, 'protocol', 'origin'),
    check(1900, 'rehearsal', 'live-unchanged', '99-cleanup'),
  ]
  assert.deepEqual(phaseTimes(entries), {tools: 300, protocol: 1000})
})
