// The JSON form: every documented key every time, numbers and verdicts as in the journal.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {renderJson} from '../../scripts/reporters/json.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, sampleNames, stepEntries} from './sampleJournal.ts'

const keys = [
  ...['format', 'run', 'verdict', 'exitCode', 'ready', 'reasons', 'tally', 'steps', 'servers', 'phases', 'checks'],
  ...[
    'issues',
    'acceptBlock',
    'findings',
    'accepted',
    'notProved',
    'recommendations',
    'release',
    'plan',
    'contracts',
    'instance',
    'environment',
  ],
  ...['liveUnchanged', 'releaseEvents', 'backups'],
]

test('every key is there for every run, also for an empty journal', () => {
  for (const entries of [...sampleNames.map(sampleJournal), []]) {
    assert.deepEqual(Object.keys(JSON.parse(renderJson(entries))), keys)
  }
})

test('verdict, exit code and what they rest on', () => {
  const passing = JSON.parse(renderJson(sampleJournal('passing')))
  assert.deepEqual([passing.format, passing.verdict, passing.exitCode, passing.ready], [1, 'pass', 0, true])
  assert.deepEqual(passing.tally, {
    all: 30,
    pass: 27,
    fail: 0,
    inconclusive: 0,
    error: 0,
    skip: 1,
    accepted: 2,
    carried: 0,
  })
  assert.deepEqual(passing.servers, ['everything', 'memory', 'files', 'llm-bridge'])
  assert.equal(passing.liveUnchanged, true)
  assert.equal(passing.release.servers[0].package, '@modelcontextprotocol/server-everything')
  const failing = JSON.parse(renderJson(sampleJournal('failing')))
  assert.deepEqual([failing.verdict, failing.exitCode, failing.ready], ['fail', 1, false])
  const slow = failing.checks.find((check: {check: string}) => check.check === 'calls/search-nodes')
  assert.deepEqual([slow.server, slow.value, slow.limit, slow.unit, slow.accepted], ['memory', 412, 150, 'ms', null])
  const killed = JSON.parse(renderJson(sampleJournal('killed')))
  assert.deepEqual([killed.verdict, killed.exitCode, killed.liveUnchanged], ['error', 2, null])
  const step = killed.steps.find((line: {name: string}) => line.name === '70-health')
  assert.deepEqual([step.state, step.verdict, step.ms], ['killed', 'error', 454])
})

test('a cancelled run exits with 130, a failed rollback with 3', () => {
  const cancelled = stepEntries('a', {verdict: 'error', cancelled: true, exitCode: 130})
  assert.equal(JSON.parse(renderJson(journalOf(runEntry('a'), ...cancelled, checkEntry()))).exitCode, 130)
  const stuck = stepEntries('90-rollback', {verdict: 'fail', exitCode: 3})
  const report = JSON.parse(renderJson(journalOf(runEntry('a'), ...cancelled, ...stuck, checkEntry())))
  assert.equal(report.exitCode, 3)
  assert.deepEqual([report.issues[0].severity, report.issues[0].place], ['Critical', 'step 90-rollback'])
})
