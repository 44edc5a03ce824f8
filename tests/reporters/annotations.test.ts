// GitHub annotations: at the server's line, escaped so that no text of a server becomes a command of its own.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {annotation, renderAnnotations} from '../../scripts/reporters/annotations.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, stepEntries} from './sampleJournal.ts'

test('failing checks are errors at the line of their server; accepted ones are notices', () => {
  const text = renderAnnotations(sampleJournal('failing'), {serverLines: {memory: 22}})
  assert.match(
    text,
    /^::error file=fleet\.yaml,line=22,title=calls\/search-nodes memory::search_nodes took 412 ms .*%0A→ look at the memory/m,
  )
  assert.match(text, /^::notice file=fleet\.yaml,title=tools\/bind-address everything::Listens on .*until 2026-12-31/m)
  assert.equal(text.match(/^::error /gm)?.length, 5)
})

test('a run that is not ready always has an error', () => {
  assert.match(renderAnnotations(sampleJournal('killed')), /^::error .*title=step 70-health::began and never ended/m)
  assert.match(
    renderAnnotations(journalOf(runEntry('a'), ...stepEntries('a'))),
    /^::error title=NOT READY::Nothing was checked/,
  )
  assert.doesNotMatch(renderAnnotations(sampleJournal('passing')), /^::error/m)
})

test('more than ten errors: nine are shown and the tenth says how many more, since GitHub drops the rest', () => {
  const checks = Array.from({length: 25}, (_item, index) => checkEntry({verdict: 'fail', server: `s${index}`}))
  const lines = renderAnnotations(journalOf(runEntry(), ...checks))
    .trimEnd()
    .split('\n')
  assert.equal(lines.length, 10)
  assert.match(lines[9] ?? '', /::16 more problems: see the report of the run\./)
})

test('escapes are those of the toolkit: %, CR, LF in data; also : and , in properties', () => {
  assert.equal(
    annotation('error', {title: 'a:b,c%', line: 3}, 'x%0A\ny:z,'),
    '::error title=a%3Ab%2Cc%25,line=3::x%250A%0Ay:z,',
  )
  assert.equal(annotation('error', {file: undefined}, 'x'), '::error::x')
})

test('any text gives exactly one command a check', () => {
  fc.assert(
    fc.property(
      fc.string({unit: 'binary'}),
      fc.constantFrom('\n::error::', '\r::set-env::', '%0A::', '\u2028::'),
      (a, b) => {
        const check = checkEntry({verdict: 'fail', server: a + b, detail: b + a, remedy: a + b + a})
        const text = renderAnnotations(journalOf(runEntry(), check), {fleetFile: `${a}${b}`})
        assert.deepEqual([...text.matchAll(/[\n\r\u2028\u2029\u0085]/g)].length, 1, 'one line end, its own')
        assert.match(text, /^::error file=[^:,]*,title=[^:,]*::/)
      },
    ),
  )
})
