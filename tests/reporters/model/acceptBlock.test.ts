// The block that accepts what failed: it is YAML that the fleet file takes, and says each failure once.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {parse} from 'yaml'
import {renderHtml} from '../../../scripts/reporters/html.ts'
import {renderJson} from '../../../scripts/reporters/json.ts'
import {renderMarkdown} from '../../../scripts/reporters/markdown.ts'
import {acceptBlock} from '../../../scripts/reporters/model/acceptBlock.ts'
import {reportModel} from '../../../scripts/reporters/model/reportModel.ts'
import {renderTerminalSummary} from '../../../scripts/reporters/terminalSummary.ts'
import {checkEntry, journalOf, runEntry} from '../sampleJournal.ts'

const failed = (more: object = {}) => checkEntry({verdict: 'fail', acceptable: true, server: 'one', ...more})
const entries = (...checks: ReturnType<typeof failed>[]) => journalOf(runEntry(), ...checks)

test('C10 every failure that may be accepted is one entry, with check, server, reason and a day 90 days ahead', () => {
  const journal = entries(
    failed({check: 'leak/abandoned', detail: 'costs "22 KiB": too much'}),
    failed({check: 'leak/abandoned', detail: 'again'}),
    failed({check: 'health/same-form', server: undefined}),
    failed({check: 'drill/rollback', acceptable: undefined}),
    failed({check: 'leak/terminated', verdict: 'inconclusive'}),
  )
  const block = acceptBlock(reportModel(journal).checks, '2026-11-29T10:00:00.000Z')
  assert.deepEqual(parse(block?.yaml ?? ''), {
    accept: [
      {
        check: 'leak/abandoned',
        server: 'one',
        reason: 'known since 2026-11-29: costs "22 KiB": too much',
        until: '2027-02-27',
      },
      {
        check: 'health/same-form',
        reason: `known since 2026-11-29: ${journal[3]?.type === 'check' && journal[3].detail}`,
        until: '2027-02-27',
      },
    ],
  })
  assert.equal(acceptBlock([], '2026-11-29T10:00:00.000Z'), undefined)
})

test('C10 text of a server in the block stays text', () => {
  const hostile = failed({server: 'one\n  - check: x/y', detail: 'a"\n- check: all/of-it\n\u001b[2J # "'})
  const block = acceptBlock(reportModel(entries(hostile)).checks, '2026-11-29T10:00:00.000Z')
  assert.equal(parse(block?.yaml ?? '').accept.length, 1)
  assert.equal(block?.yaml.includes('\u001b'), false)
})

test('C10 the terminal prints the block once, ready to paste, and each report has it', () => {
  const journal = entries(...['one', 'two', 'six'].map(server => failed({check: 'leak/abandoned', server})))
  const yaml = reportModel(journal).acceptBlock?.yaml ?? ''
  const terminal = renderTerminalSummary(journal, {colour: false, fleetFile: 'mine/fleet.yaml'})
  assert.equal(terminal.split(yaml).length, 2)
  assert.match(terminal, /accept until \d{4}-\d\d-\d\d in mine\/fleet\.yaml/)
  assert.ok(renderMarkdown(journal, {template: '{{issues}}'}).includes(yaml))
  assert.ok(renderHtml(journal).includes('- check: leak/abandoned'))
  assert.equal(JSON.parse(renderJson(journal)).acceptBlock, yaml)
  const many = Array.from({length: 30}, (_, index) => failed({server: `s${index}`}))
  const short = renderTerminalSummary(entries(...many), {colour: false})
  assert.match(short, /30 failures can be accepted: the report has the entries/)
  assert.doesNotMatch(renderTerminalSummary(entries(failed({acceptable: undefined})), {colour: false}), /accept/)
})
