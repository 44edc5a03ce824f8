// The last lines at the terminal: verdict, proved, not proved, failures with remedy, report and next, and no foreign control.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {stripVTControlCharacters} from 'node:util'
import fc from 'fast-check'
import {reportModel} from '../../scripts/reporters/model/reportModel.ts'
import {renderTerminalSummary} from '../../scripts/reporters/terminalSummary.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, sampleNames} from './sampleJournal.ts'

const options = {colour: false, reportPath: '.runs/r1/report.html', next: 'pnpm deploy:production'}

test('passing: at most a dozen lines that say what was proved, what was not, and what to type next', () => {
  const text = renderTerminalSummary(sampleJournal('passing'), options)
  const lines = text.trimEnd().split('\n')
  assert.ok(lines.length <= 12, `${lines.length} lines`)
  assert.equal(lines[0], '✓ READY (pass): 27 of 30 checks passed, 2 accepted, 1 skipped, 5.6 s')
  assert.match(text, /proved {6}reachability 5 checks on 4 servers · health 12 checks on 4 servers/)
  assert.match(text, /live unchanged/)
  assert.match(text, /not proved {2}behaviour under load: no load is declared/)
  assert.match(text, /report {6}\.runs\/r1\/report\.html\n {2}next {8}pnpm deploy:production\n$/)
})

test('failing: each failing check with its server, its detail and what to do', () => {
  const text = renderTerminalSummary(sampleJournal('failing'), options)
  assert.match(text, /^✗ NOT READY \(fail\): 27 of 35 checks passed, 3 failed, 1 in error, 1 inconclusive/)
  assert.match(
    text,
    /^✗ calls\/search-nodes memory: search_nodes took 412 ms .*\n {2}→ look at the memory of the server/m,
  )
  assert.match(text, /^\? calls\/provider llm-bridge: 2 of at least 5/m)
})

test('killed and stopped in preflight say so', () => {
  assert.match(renderTerminalSummary(sampleJournal('killed'), options), /Killed before its end: 70-health\./)
  const preflight = renderTerminalSummary(sampleJournal('stopped-in-preflight'), options)
  assert.match(preflight, /^! step 10-preflight: fleet\.yaml:31:11 .*\n {2}→ export OPENAI_API_KEY/m)
  assert.match(preflight, /proved {6}nothing/)
})

test('after ten failures it says how many more', () => {
  const checks = Array.from({length: 13}, (_item, index) => checkEntry({verdict: 'fail', server: `s${index}`}))
  const text = renderTerminalSummary(journalOf(runEntry(), ...checks), options)
  assert.equal(text.match(/^✗ health\/ladder/gm)?.length, 10)
  assert.match(text, /and 3 more problems: see the report/)
})

test('B8 what an earlier run saw is told apart from what this one saw, in the terminal and in the conclusion', () => {
  const carried = {run: '20261120-101500-staging-0001', at: '2026-11-20T10:15:00.000Z'}
  const leak = {phase: 'leak', check: 'leak/abandoned', carried}
  const entries = (...more: Parameters<typeof checkEntry>[0][]) =>
    journalOf(runEntry(), ...[{}, leak, ...more].map(checkEntry))
  const text = renderTerminalSummary(entries({...leak, verdict: 'skip'}), options)
  assert.match(
    text,
    /^ {2}seen before leak 1 of these checks, by run 20261120-101500-staging-0001: nothing has changed/m,
  )
  const [reason, told] = reportModel(entries()).conclusion.reasons
  assert.match(`${reason} ${told}`, /\(2 of 2\)\. 1 of them rests on what earlier runs saw/)
  const other = {...leak, carried: {...carried, run: 'another'}}
  assert.match(renderTerminalSummary(entries(other), options), /leak 2 of these checks, by 2 earlier runs/)
  assert.doesNotMatch(renderTerminalSummary(sampleJournal('passing'), options), /seen before/)
})

test('colour adds escapes and changes no word', () => {
  for (const name of sampleNames) {
    const coloured = renderTerminalSummary(sampleJournal(name), {...options, colour: true})
    assert.ok(coloured.includes('\u001b['))
    assert.equal(stripVTControlCharacters(coloured), renderTerminalSummary(sampleJournal(name), options))
  }
})

test('no text of a server reaches the terminal as control characters or as a line of its own', () => {
  const hostile = fc
    .array(fc.constantFrom('\u001b[2J', '\u009b2J', '\u0007', '\r', '\n::error::x', '\u202e', 'a '))
    .map(all => all.join(''))
  fc.assert(
    fc.property(hostile, text => {
      const check = checkEntry({verdict: 'fail', server: text, detail: text, remedy: text})
      const unproved = {type: 'fact', name: 'unproved', value: {what: text, why: text}} as const
      const summary = renderTerminalSummary(journalOf(runEntry(), check, unproved), options)
      assert.doesNotMatch(summary.replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
      assert.doesNotMatch(summary, /^::/m)
    }),
  )
})
