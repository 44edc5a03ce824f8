// JUnit XML: well-formed, in the common schema's subset, with the right sums, and never green for a run that is not ready.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {test} from 'node:test'
import fc from 'fast-check'
import type {EntryBody} from '../../scripts/lib/journal/entry.ts'
import {oneLine, visible} from '../../scripts/lib/text/foreignText.ts'
import {renderJunit} from '../../scripts/reporters/junit.ts'
import {allNamed, parseXml, type XmlElement} from './parseXml.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, sampleNames, stepEntries} from './sampleJournal.ts'

const allowed: Record<string, {attributes: string[]; children: string[]}> = {
  testsuites: {attributes: ['name', 'tests', 'failures', 'errors', 'time'], children: ['testsuite']},
  testsuite: {
    attributes: ['name', 'id', 'package', 'hostname', 'timestamp', 'tests', 'failures', 'errors', 'skipped', 'time'],
    children: ['properties', 'testcase'],
  },
  properties: {attributes: [], children: ['property']},
  property: {attributes: ['name', 'value'], children: []},
  testcase: {attributes: ['name', 'classname', 'time'], children: ['failure', 'error', 'skipped']},
  failure: {attributes: ['type', 'message'], children: []},
  error: {attributes: ['type', 'message'], children: []},
  skipped: {attributes: ['message'], children: []},
}

function assertSchema(element: XmlElement): void {
  const rule = allowed[element.name]
  assert.ok(rule, `<${element.name}> is in the schema`)
  assert.deepEqual(
    Object.keys(element.attributes).toSorted(),
    rule.attributes.toSorted(),
    `attributes of <${element.name}>`,
  )
  for (const child of element.children) {
    assert.ok(rule.children.includes(child.name), `<${child.name}> may stand in <${element.name}>`)
    assertSchema(child)
  }
}

for (const name of sampleNames) {
  test(`${name}: schema, sums and times hold`, () => {
    const root = parseXml(renderJunit(sampleJournal(name)))
    assertSchema(root)
    for (const suite of [root, ...allNamed(root, 'testsuite')]) {
      const cases = allNamed(suite, 'testcase')
      assert.equal(Number(suite.attributes.tests), cases.length)
      assert.equal(Number(suite.attributes.failures), allNamed(suite, 'failure').length)
      assert.equal(Number(suite.attributes.errors), allNamed(suite, 'error').length)
      assert.match(suite.attributes.time ?? '', /^\d+\.\d{3}$/)
      for (const item of cases) assert.ok(item.children.length <= 1, 'one outcome a case')
    }
    for (const suite of allNamed(root, 'testsuite')) {
      assert.equal(Number(suite.attributes.skipped), allNamed(suite, 'skipped').length)
      assert.match(suite.attributes.timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    }
  })
}

test('failing: a suite for each phase; failure, error and skipped carry their message', () => {
  const root = parseXml(renderJunit(sampleJournal('failing')))
  const suites = allNamed(root, 'testsuite').map(suite => suite.attributes.name)
  assert.deepEqual(suites, ['steps', 'reachability', 'health', 'calls', 'tools', 'rehearsal'])
  const outcome = (name: string) => allNamed(root, 'testcase').find(item => item.attributes.name === name)?.children[0]
  const slow = outcome('calls/search-nodes memory')
  assert.equal(slow?.name, 'failure')
  assert.match(slow?.attributes.message ?? '', /412 ms .* limit is 150 ms/)
  assert.match(slow?.text ?? '', /→ look at the memory.*\np50 96 ms/)
  assert.equal(outcome('calls/provider llm-bridge')?.name, 'error')
  assert.equal(outcome('calls/provider llm-bridge')?.attributes.type, 'inconclusive')
  assert.equal(outcome('tools/diff files')?.attributes.type, 'error')
  assert.match(outcome('tools/bind-address everything')?.attributes.message ?? '', /^accepted until 2026-12-31: /)
  const ladder = allNamed(root, 'testcase').find(item => item.attributes.name === 'health/ladder memory')
  assert.equal(ladder?.attributes.time, '0.318')
})

test('a run that is not ready has a red case, also when nothing failed', () => {
  const red = (...bodies: EntryBody[]) => {
    const root = parseXml(renderJunit(journalOf(...bodies)))
    return Number(root.attributes.failures) + Number(root.attributes.errors)
  }
  assert.equal(red(runEntry('a'), ...stepEntries('a'), checkEntry()), 0)
  assert.equal(red(runEntry('a'), ...stepEntries('a')), 1, 'no check')
  assert.equal(red(runEntry('a'), ...stepEntries('a'), checkEntry({verdict: 'skip'})), 1, 'only skips')
  assert.equal(red(runEntry('a', 'b'), ...stepEntries('a'), checkEntry()), 1, 'cut short between steps')
  assert.equal(red(runEntry('a'), {type: 'step', step: 'a', state: 'started'}, checkEntry()), 1, 'killed')
})

test('any text of a server comes back from the XML as it was shown', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'grapheme'}), (detail, evidence) => {
      const check = checkEntry({verdict: 'fail', server: detail, detail, evidence})
      const root = parseXml(renderJunit(journalOf(runEntry(), check)))
      const failure = allNamed(root, 'failure')[0]
      assert.equal(failure?.attributes.message, oneLine(detail))
      assert.equal(failure?.text, visible([detail, evidence].filter(Boolean).join('\n')))
    }),
    {numRuns: 300},
  )
})

const python = spawnSync('python3', ['--version']).status === 0
test('a second parser reads the samples', {skip: python ? false : 'python3 is not on this machine'}, () => {
  const program =
    'import sys, xml.etree.ElementTree as t; print(len(list(t.fromstring(sys.stdin.buffer.read()).iter("testcase"))))'
  for (const name of sampleNames) {
    const xml = renderJunit(sampleJournal(name))
    const {stdout, stderr} = spawnSync('python3', ['-c', program], {input: xml, encoding: 'utf8', timeout: 20_000})
    assert.equal(Number(stdout), allNamed(parseXml(xml), 'testcase').length, stderr)
  }
})
