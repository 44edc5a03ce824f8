import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {changeBegins} from '../../../scripts/lib/journal/facts.ts'
import {reportModel} from '../../../scripts/reporters/model/reportModel.ts'
import {renderTerminalSummary} from '../../../scripts/reporters/terminalSummary.ts'
import {checkEntry, journalOf, runEntry, stepEntries} from '../sampleJournal.ts'

const a = 'a'.repeat(64)
const b = 'b'.repeat(64)
const url = 'http://127.0.0.1:8800'
const planned = runEntry('10-preflight', '60-deploy', '70-health', '85-finish', '99-cleanup')
const before: EntryBody = {type: 'fact', name: 'live.before', value: {release: a, url}}
const begins: EntryBody = {type: 'fact', name: changeBegins, value: true}
const event = (release: string, what: 'live' | 'rolled-back', detail?: string): EntryBody => ({
  type: 'release',
  release,
  event: what,
  detail,
  ...(what === 'rolled-back' ? {by: '90-rollback'} : {}),
})
const byRollback = (body: EntryBody) => Object.assign(body, {by: '90-rollback'})
const modelOf = (...bodies: EntryBody[]) => reportModel(journalOf(planned, ...bodies), '95-report')

test('X11 a deploy that went live says what is live, how it is, and where', () => {
  const model = modelOf(before, begins, event(b, 'live'), checkEntry())
  assert.equal(model.live, `bbbbbbbbbbbb (new), healthy, ${url}`)
})

test('X11 a deploy that was rolled back says what is live again', () => {
  const looked = byRollback(checkEntry())
  const ends = [before, begins, event(b, 'live'), checkEntry({verdict: 'fail'}), looked]
  const model = modelOf(...ends, event(a, 'rolled-back', 'from bbbbbbbbbbbb'))
  assert.equal(model.live, `aaaaaaaaaaaa (rolled back from bbbbbbbbbbbb), healthy, ${url}`)
  const sick = modelOf(...ends, byRollback(checkEntry({verdict: 'fail'})), event(a, 'rolled-back'))
  assert.match(sick.live ?? '', /NOT HEALTHY/)
})

test('X11 a deploy that was refused says so first, and that nothing was changed', () => {
  const detail = `release ${b.slice(0, 12)} has no passing rehearsal: it was never rehearsed\n→ rehearse it`
  const refused = stepEntries('60-deploy', {verdict: 'error', exitCode: 2, detail})
  const entries = journalOf(planned, before, checkEntry(), ...refused)
  assert.equal(reportModel(entries).live, `aaaaaaaaaaaa (unchanged), ${url}`)
  const text = renderTerminalSummary(entries, {during: '95-report', colour: false})
  assert.match(text, /^! REFUSED, nothing was changed: release bbbbbbbbbbbb has no passing rehearsal: it was never/)
  assert.match(text, /\n {2}LIVE {8}aaaaaaaaaaaa \(unchanged\), http/)
})

test('X11 what was changed is no refusal, and a rehearsal has nothing to say of live', () => {
  const ended = stepEntries('60-deploy', {verdict: 'error', exitCode: 2, detail: 'the disk is full'})
  const changed = modelOf(before, begins, ...ended)
  assert.deepEqual([changed.refusal, changed.live], [undefined, undefined])
  const rehearsal = reportModel(journalOf(runEntry('10-preflight', '60-deploy'), ...ended))
  assert.deepEqual([rehearsal.refusal, rehearsal.live], [undefined, undefined])
})

test('X11 a preflight that refuses names its check', () => {
  const check = checkEntry({phase: 'preflight', check: 'preflight/secrets', verdict: 'error', detail: 'KEY is not set'})
  const bodies = [planned, before, check, ...stepEntries('10-preflight', {verdict: 'error', exitCode: 2})]
  const model = reportModel(journalOf(...bodies).map(entry => ({...entry, by: '10-preflight'})))
  assert.equal(model.refusal, 'preflight/secrets: KEY is not set')
})

test('X11 a preflight that finds live unwell refuses as well', () => {
  const check = checkEntry({
    phase: 'preflight',
    check: 'preflight/supervised',
    verdict: 'fail',
    detail: 'memory: alone',
  })
  const bodies = [planned, before, check, ...stepEntries('10-preflight', {verdict: 'fail', exitCode: 1})]
  const model = reportModel(journalOf(...bodies).map(entry => ({...entry, by: '10-preflight'})))
  assert.equal(model.refusal, 'preflight/supervised: memory: alone')
})

test('X11 a rollback that could not finish is never called refused, whoever began the change', () => {
  const rollback = runEntry('90-rollback')
  const failed = stepEntries('90-rollback', {verdict: 'error', exitCode: 3, detail: 'the rollback could not finish'})
  assert.equal(reportModel(journalOf(rollback, ...failed)).refusal, undefined)
  const ended = stepEntries('90-rollback', {verdict: 'error', exitCode: 2, detail: 'the disk is full'})
  const goes: EntryBody = {type: 'fact', name: 'rollback', value: {from: b, to: a}}
  assert.equal(reportModel(journalOf(rollback, goes, ...ended)).refusal, undefined)
  assert.equal(reportModel(journalOf(rollback, ...ended)).refusal, 'the disk is full')
})
