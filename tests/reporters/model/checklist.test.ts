// C11, A9, B10: the checklist is ticked only by what passed in this run, and findings are shown and decide nothing.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'
import type {EntryOf} from '../../../scripts/lib/journal/entry.ts'
import {renderHtml} from '../../../scripts/reporters/html.ts'
import {readReportTemplate} from '../../../scripts/reporters/markdown/readReportTemplate.ts'
import {renderMarkdown} from '../../../scripts/reporters/markdown.ts'
import {checklistOf} from '../../../scripts/reporters/model/checklist.ts'
import {reportModel} from '../../../scripts/reporters/model/reportModel.ts'
import {checkEntry, journalOf, runEntry, stepEntries} from '../sampleJournal.ts'

const list = `# Title

## Before

- [ ] It listens (checked by \`a/one\`, \`a/two\`)
- [ ] A person looked (by a person)
- not an item
`
const check = (id: string, changes: Partial<EntryOf<'check'>> = {}) => checkEntry({check: id, phase: 'a', ...changes})
const filled = (...entries: ReturnType<typeof checkEntry>[]) =>
  checklistOf(list, reportModel(journalOf(runEntry('a'), ...stepEntries('a'), ...entries)).checks)

const finding = {severity: 'Low', place: 'x.ts:3', text: 'fixed address http://10.0.0.1'} as const

test('C11 an item is ticked when each of its checks passed on every server', () => {
  const [part] = filled(check('a/one', {server: 'x'}), check('a/one', {server: 'y'}), check('a/two'))
  assert.deepEqual(part, {
    heading: 'Before',
    items: [
      {text: 'It listens', done: true, why: 'passed: a/one and a/two'},
      {text: 'A person looked', done: false, why: 'for a person to sign'},
    ],
  })
})

for (const [name, entries, why] of [
  ['was not made', [check('a/one')], 'a/two was not made in this run'],
  [
    'failed on one server',
    [check('a/one', {server: 'x'}), check('a/one', {server: 'y', verdict: 'fail'}), check('a/two')],
    'a/one failed on y',
  ],
  ['was skipped', [check('a/one'), check('a/two', {verdict: 'skip', detail: 'no TLS'})], 'a/two was skipped (no TLS)'],
  [
    'is accepted',
    [check('a/one'), check('a/two', {verdict: 'fail', accepted: {reason: 'known', until: '2027-01-01'}})],
    'a/two failed and is accepted until 2027-01-01',
  ],
  [
    'had too little evidence',
    [check('a/one'), check('a/two', {verdict: 'inconclusive'})],
    'a/two had too little evidence',
  ],
  ['could not be made', [check('a/one'), check('a/two', {verdict: 'error'})], 'a/two could not be made'],
  ['left something to read', [check('a/one', {findings: [finding]}), check('a/two')], 'a/one left 1 finding to read'],
] as const) {
  test(`C11 an item stays open when a check of it ${name}`, () => {
    assert.deepEqual(filled(...entries)[0]?.items[0], {text: 'It listens', done: false, why})
  })
}

test('B10 both reports show the checklist of the house filled in, and every line of it is understood', () => {
  const checklist = readFileSync(new URL('../../../templates/checklist.md', import.meta.url), 'utf8')
  const entries = journalOf(
    runEntry('a'),
    ...stepEntries('a'),
    check('preflight/disk'),
    check('security/source-addresses', {findings: [finding], server: 'x'}),
  )
  const parts = checklistOf(checklist, reportModel(entries).checks)
  assert.equal(
    parts.flatMap(({items}) => items).length,
    checklist.split('\n').filter(line => line.startsWith('- [ ] ')).length,
  )
  const text = renderMarkdown(entries, {template: readReportTemplate(), checklist})
  assert.match(text, /\n- \[x\] There is enough disk space for builds and releases \(passed: preflight\/disk\)\n/)
  assert.match(
    text,
    /\n- \[ \] No URL is hard-coded in the servers' own code \(security\/source-addresses left 1 finding to read\)\n/,
  )
  assert.match(text, /\n\| Low \| `security\/source-addresses x` \| x\.ts:3 \| fixed address http:\/\/10\.0\.0\.1 \|\n/)
  const page = renderHtml(entries, {checklist})
  assert.match(page, /\[x\] There is enough disk space for builds and releases/)
  assert.match(page, /fixed address http:\/\/10\.0\.0\.1/)
})

test('a finding decides nothing: the run is READY with it', () => {
  const entries = journalOf(
    runEntry('a'),
    ...stepEntries('a'),
    check('a/one', {findings: [{...finding, severity: 'High'}]}),
  )
  const model = reportModel(entries)
  assert.deepEqual([model.verdict, model.findings.length, model.issues.length], ['pass', 1, 0])
})

test('what a server wrote into a finding stays text', () => {
  const hostile = {severity: 'High', place: '<b>x</b>', text: '| [a](http://x) <script>1</script> \u202e'} as const
  const entries = journalOf(runEntry('a'), ...stepEntries('a'), check('a/one', {findings: [hostile]}))
  const text = renderMarkdown(entries, {template: readReportTemplate()})
  assert.match(text, /\\\| \\\[a\\\]\(http:\/\/x\) \\<script>1\\<\/script> ⟨U\+202E⟩/)
  assert.doesNotMatch(renderHtml(entries), /<script>1/)
})
