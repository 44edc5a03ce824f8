// Proves, entry by entry, what of a journal counts as waiting for others, and that the rest of the wall time is our own.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {childSpans} from '../../../bench/staging/childSpans.ts'
import {overhead} from '../../../bench/staging/overhead.ts'
import type {Entry, EntryBody} from '../../../scripts/lib/journal/entry.ts'

const began = Date.parse('2026-11-20T10:00:00.000Z')
const entry = (atMs: number, body: EntryBody): Entry => ({at: new Date(began + atMs).toISOString(), ...body})
const built = (detail: string) => entry(100, {type: 'release', release: 'r', event: 'built', detail})
const warm = built('nothing built; 5 of 5 parts were there')
const command = (atMs: number, why: string, ms?: number) =>
  entry(atMs, {
    type: 'command',
    id: why,
    state: ms === undefined ? 'started' : 'finished',
    why,
    argv: [],
    readOnly: false,
    ms,
  })
const ready = (atMs: number, server: string, value: number) =>
  entry(atMs, {type: 'check', phase: 'deploy', check: 'deploy/ready', server, verdict: 'pass', detail: '', value})
const observed = (atMs: number, phase: string, server: string, ms: number, value: unknown): Entry[] => [
  entry(atMs, {type: 'fact', name: `observed.${phase}.${server}`, value}),
  entry(atMs + 1, {type: 'check', phase, check: `${phase}/some`, server, verdict: 'pass', detail: '', ms}),
]

const healthSeen = {inside: {ms: 40}, through: {ms: 90}, opinion: {ms: 60}, answer: {ms: 10}, steady: {forMs: 2000}}

const cases: [string, Entry[], {what: string; from: number; to: number; waitMs: number}[]][] = [
  [
    'the start of a server, until its ladder held',
    [ready(3000, 'memory', 2500)],
    [{what: 'deploy/ready memory', from: 500, to: 3000, waitMs: 2500}],
  ],
  [
    'a command upon a server, once it ended',
    [command(1000, 'stop memory'), command(1400, 'stop memory', 400)],
    [{what: 'stop memory', from: 1000, to: 1400, waitMs: 400}],
  ],
  [
    'no command upon the ingress, which is ours',
    [command(900, 'start the ingress', 50), command(990, 'stop ingress', 80)],
    [],
  ],
  [
    'the longest of the requests of health and the steady time',
    observed(5000, 'health', 'files', 2400, healthSeen),
    [{what: 'observed.health.files', from: 2600, to: 5000, waitMs: 2090}],
  ],
  [
    'never more than the observation took',
    observed(5000, 'health', 'files', 2050, healthSeen),
    [{what: 'observed.health.files', from: 2950, to: 5000, waitMs: 2050}],
  ],
  [
    'the longest request of reachability',
    observed(700, 'reachability', 'files', 60, {answer: {ms: 20}, wildcard: {ms: 5}}),
    [{what: 'observed.reachability.files', from: 640, to: 700, waitMs: 20}],
  ],
  [
    'opening and listing of tools',
    observed(700, 'tools', 'files', 60, {opened: {ms: 12}, listed: {ms: 8}}),
    [{what: 'observed.tools.files', from: 640, to: 700, waitMs: 20}],
  ],
  [
    'opening and every call that was sent',
    observed(700, 'calls', 'files', 60, {opened: {ms: 12}, calls: [{outcome: {ms: 3}}, {}, {outcome: {ms: 4}}]}),
    [{what: 'observed.calls.files', from: 640, to: 700, waitMs: 19}],
  ],
  [
    'nothing of a phase that is not known here',
    observed(700, 'novel', 'files', 60, {opened: {ms: 12}}),
    [{what: 'observed.novel.files', from: 640, to: 700, waitMs: 0}],
  ],
  [
    'what our process did not work itself while held clients were opened and ended',
    [
      entry(700, {type: 'fact', name: 'clients-opened', value: {ms: 60, waitedMs: 15}}),
      entry(900, {type: 'fact', name: 'clients-ended', value: {ms: 40, waitedMs: 30}}),
    ],
    [
      {what: 'clients-opened', from: 640, to: 700, waitMs: 15},
      {what: 'clients-ended', from: 860, to: 900, waitMs: 30},
    ],
  ],
  [
    'no observation of the fleet as a whole',
    [entry(700, {type: 'fact', name: 'observed.reachability', value: {}})],
    [],
  ],
]

for (const [what, entries, expected] of cases)
  test(`waited for: ${what}`, () => {
    const spans = childSpans(entries).map(span => ({...span, from: span.from - began, to: span.to - began}))
    assert.deepEqual(spans, expected)
  })

test('our own is the wall time less the longest chain', () => {
  const entries = [
    warm,
    ready(3000, 'memory', 2500),
    ready(2900, 'files', 2400),
    ...observed(6000, 'health', 'files', 2400, healthSeen),
    command(7000, 'stop ingress', 300),
    command(7500, 'stop files', 400),
  ]
  const {ownMs, chain} = overhead(8000, entries)
  assert.deepEqual(
    chain.spans.map(span => span.what),
    ['deploy/ready memory', 'observed.health.files', 'stop files'],
  )
  assert.equal(ownMs, 8000 - 2500 - 2090 - 400)
})

test('a run that built something was not warm', () => {
  assert.throws(
    () => overhead(8000, [built('built llm-bridge; 4 of 5 parts were there')]),
    /nothing, got: built llm-bridge/,
  )
  assert.throws(() => overhead(8000, []), /got: no release/)
})

test('more waiting than there was time is a fault of the journal', () => {
  assert.throws(() => overhead(1000, [warm, ready(3000, 'memory', 2500)]), /2500 ms of waiting in a run of 1000 ms/)
})
