// A report template: placeholders are replaced once, comments go, unknown names are faults with place and remedy.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {fillTemplate} from '../../../scripts/reporters/markdown/fillTemplate.ts'
import {readReportTemplate} from '../../../scripts/reporters/markdown/readReportTemplate.ts'
import {templateValues} from '../../../scripts/reporters/markdown.ts'
import {reportModel} from '../../../scripts/reporters/model/reportModel.ts'

test('values are put in as they are and not read again', () => {
  const filled = fillTemplate('{{a}} and {{ b }}{{! gone }}\n', {a: '{{b}} $& $1', b: '{{nobody}}'}, 'x.md')
  assert.equal(filled, '{{b}} $& $1 and {{nobody}}\n')
})

test('a comment of several lines goes without a trace, and lines keep their numbers for faults', () => {
  assert.equal(fillTemplate('{{! one\n   two }}\n# {{a}}\n', {a: 'A'}, 'x.md'), '# A\n')
  assert.throws(() => fillTemplate('{{! one\n   two }}\n# {{nope}}\n', {a: 'A'}, 'x.md'), /x\.md:3:3 /)
})

test('all unknown placeholders at once, with line and column, and the known ones', () => {
  assert.throws(
    () => fillTemplate('{{a}}\nso {{conclusoin}}\n{{constructor}}', {a: '', conclusion: ''}, 'mine.md'),
    (error: unknown) =>
      error instanceof UserError &&
      error.message ===
        'mine.md:2:4 {{conclusoin}}: should be a known placeholder\nmine.md:3:1 {{constructor}}: should be a known placeholder' &&
      error.remedy === 'use one of a, conclusion',
  )
})

test('our own template uses known placeholders only, and a missing file is a fault', () => {
  const values = templateValues(reportModel([]))
  const filled = fillTemplate(readReportTemplate(), values, 'templates/report.md')
  assert.doesNotMatch(filled, /\{\{/)
  assert.throws(() => readReportTemplate('/nowhere/report.md'), UserError)
})
