// The index of reporters is complete, and an unknown name is a fault that lists the known ones.
import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import {test} from 'node:test'
import {UserError} from '../../scripts/lib/errors/userError.ts'
import {reporterNamed, reporters, reportFiles} from '../../scripts/reporters/index.ts'
import {readReportTemplate} from '../../scripts/reporters/markdown/readReportTemplate.ts'
import {sampleJournal, sampleNames} from './sampleJournal.ts'

const folder = new URL('../../scripts/reporters/', import.meta.url)

test('every file of the folder is a reporter in the index', async () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'index.ts')
  for (const file of files) {
    const exported: object = await import(new URL(file, folder).href)
    const own = reporters.filter(reporter => Object.values(exported).includes(reporter))
    assert.equal(own.length, 1, `${file} should export exactly one reporter that index.ts lists`)
  }
  assert.equal(reporters.length, files.length)
})

test('names and file names are distinct', () => {
  const names = reporters.map(reporter => reporter.name)
  const files = reporters.flatMap(reporter => reporter.fileName ?? [])
  assert.equal(new Set(names).size, names.length)
  assert.equal(new Set(files).size, files.length)
})

test('an unknown reporter is a fault that lists the known ones', () => {
  assert.equal(reporterNamed('junit').fileName, 'junit.xml')
  assert.throws(
    () => reporterNamed('pdf'),
    (error: unknown) =>
      error instanceof UserError && /got "pdf"/.test(error.message) && /markdown, html, junit/.test(error.message),
  )
})

test('every form of every sample renders, the same text each time', () => {
  const options = {template: readReportTemplate()}
  for (const name of sampleNames) {
    const entries = sampleJournal(name)
    const before = JSON.stringify(entries)
    const files = reportFiles(entries, options)
    assert.deepEqual(files.map(file => file.fileName).toSorted(), [
      'junit.xml',
      'report.html',
      'report.json',
      'report.md',
    ])
    assert.deepEqual(reportFiles(entries, options), files)
    assert.equal(JSON.stringify(entries), before, 'entries are not changed')
  }
})

test('an empty journal gives reports that say that nothing is known', () => {
  for (const {name, render} of reporters) {
    const text = render([], {template: readReportTemplate()})
    assert.match(text, name === 'json' ? /"ready": false/ : /NOT READY|Nothing was checked/, name)
    assert.doesNotMatch(text, /undefined|NaN/, name)
  }
})
