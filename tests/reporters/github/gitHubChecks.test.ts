// Phases as GitHub's check runs: which conclusion each has, and where its problems stand.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {CheckEntry, Entry} from '../../../scripts/lib/journal/entry.ts'
import {gitHubChecks} from '../../../scripts/reporters/github/gitHubChecks.ts'

type Check = Partial<CheckEntry> & Pick<CheckEntry, 'verdict'>

function checked(checks: Check[], fleetFile: string | undefined = 'fleets/fleet.yaml') {
  const entries = checks.map(
    (check): Entry => ({at: '', type: 'check', phase: 'health', check: 'health/x', detail: 'seen', ...check}),
  )
  return gitHubChecks(entries, {fleetFile, serverLines: {memory: 12}})
}

const accepted = {reason: 'known to all', until: '2099-01-01'}

const conclusions: [what: string, checks: Check[], conclusion: string, title: string][] = [
  ['all passed', [{verdict: 'pass'}, {verdict: 'skip'}], 'success', '1 of 2 checks passed'],
  ['one failed', [{verdict: 'pass'}, {verdict: 'fail'}], 'failure', 'fail: 1 of 2 checks passed'],
  [
    'one could not be judged',
    [{verdict: 'pass'}, {verdict: 'error'}],
    'action_required',
    'error: 1 of 2 checks passed',
  ],
  ['too little evidence', [{verdict: 'inconclusive'}], 'action_required', 'inconclusive: 0 of 1 check passed'],
  ['nothing was judged', [{verdict: 'skip'}], 'skipped', 'skipped'],
  ['only what is accepted', [{verdict: 'fail', accepted}], 'neutral', '1 failure known and accepted'],
]
for (const [what, checks, conclusion, title] of conclusions)
  test(`X13 ${what}: ${conclusion}`, () => {
    const [one] = checked(checks)
    assert.deepEqual([one?.conclusion, one?.title], [conclusion, title])
  })

test('X13 a problem stands at the line of its server, or at the first; what is accepted is a notice', () => {
  const problems: Check[] = [
    {verdict: 'fail', server: 'memory', remedy: 'fix it'},
    {verdict: 'error'},
    {verdict: 'fail', server: 'memory', accepted},
    {verdict: 'pass', server: 'memory'},
  ]
  const [one] = checked(problems)
  assert.deepEqual(
    one?.annotations.map(({path, start_line, annotation_level, message}) => [
      path,
      start_line,
      annotation_level,
      message,
    ]),
    [
      ['fleets/fleet.yaml', 12, 'failure', 'seen\n→ fix it'],
      ['fleets/fleet.yaml', 1, 'warning', 'seen\n→ look at the evidence and at docs/checks.md'],
      ['fleets/fleet.yaml', 12, 'notice', 'seen\n→ accepted until 2099-01-01: known to all'],
    ],
  )
})

test('X13 what a server said stays text in the summary', () => {
  const [one] = checked([{verdict: 'fail', detail: '| <img src=x> **bold** \u202e@everyone'}])
  assert.match(one?.summary ?? '', /\\\| \\<img src=x> \\\*\\\*bold\\\*\\\* ⟨U\+202E⟩/)
})

test('X13 a fleet file outside of the repository has no lines there', () => {
  const entries: Entry[] = [
    {at: '', type: 'check', phase: 'health', check: 'health/x', verdict: 'fail', detail: 'seen'},
  ]
  const [one] = gitHubChecks(entries, {fleetFile: undefined, serverLines: {}})
  assert.deepEqual(one?.annotations, [])
})
