// Texts for GitHub: whom they mention, and how they are found again.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'
import type {FinalState} from '../../../scripts/lib/journal/finalState.ts'
import {notWell, releaseNotes, rollbackFailed} from '../../../scripts/reporters/github/gitHubTexts.ts'

const state: FinalState = {
  outcome: 'failed',
  exitCode: 1,
  purpose: 'watch',
  run: 'r',
  fleet: 'sample',
  environment: 'production',
  release: '3e7d96b8ac0c77b931ee',
  sentence: 'live is not well',
  isNews: true,
}
const failed: Entry = {
  at: '',
  type: 'check',
  phase: 'calls',
  check: 'calls/x',
  server: 'one',
  verdict: 'fail',
  detail: 'got @everyone and @org/team',
  remedy: 'look at `@scope/package`',
}

test('X13 what a server says calls nobody; who is to be called is', () => {
  const body = notWell([failed], state).body
  assert.doesNotMatch(body, /@(everyone|org)/)
  assert.match(body, /@\u200beveryone and @\u200borg\/team/)
  const called = rollbackFailed([failed], state, [{name: 'Ada', role: 'first', reach: '@ada'}]).body
  assert.match(called, /\| Ada \| first \| @ada \|/)
})

test('B15 without contacts the issue says that there are none', () => {
  assert.match(rollbackFailed([], state, []).body, /names nobody under `contacts`/)
})

test('X13 two environments and two fleets have issues of their own', () => {
  const markers = [state, {...state, environment: 'staging'}, {...state, fleet: 'other'}].map(
    one => notWell([failed], one).marker,
  )
  assert.equal(new Set(markers).size, 3)
})

test('X13 release notes tell what changed, by server and by contract', () => {
  const difference = {
    kind: 'breaking',
    pointer: '/tools/add',
    what: 'Gone.',
    reason: 'Clients call it.',
    views: ['legacy'],
  }
  const changes = [{server: 'one', change: 'replaced', from: '1.0.0', to: '2.0.0', differences: [difference]}]
  const plan: Entry = {at: '', type: 'fact', name: 'plan', value: {summary: '1 change', changes}}
  const {tag, body} = releaseNotes([plan], state)
  assert.equal(tag, 'production-3e7d96b8ac0c')
  assert.match(body, /\| `one` \| replaced \| `1.0.0` \| `2.0.0` \|/)
  assert.match(body, /1 breaking/)
})
