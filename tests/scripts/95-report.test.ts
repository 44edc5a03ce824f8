// The report by hand: every form from a journal that lies there, also one that was cut off, without touching it.
import assert from 'node:assert/strict'
import {appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {parseXml} from '../reporters/parseXml.ts'
import {makeRig, type Rig} from '../rig.ts'

const journals = join(import.meta.dirname, '..', 'fixtures', 'journals')

/** Puts a journal of long ago among the runs of the rig; gives the run's name. */
function oldRun(rig: Rig, journal: string, second: string): string {
  const run = `20240229-1200${second}-staging-0abc`
  mkdirSync(join(rig.folder, '.runs', run), {recursive: true})
  cpSync(join(journals, `${journal}.jsonl`), rig.journalFile(run))
  return run
}

test('A9 B10 a report by hand from an old journal, in every form, and from the newest run when none is named', async context => {
  const rig = await makeRig(context, {text: null})
  const older = oldRun(rig, 'failing', '00')
  oldRun(rig, 'passing', '01')
  const before = readFileSync(rig.journalFile(older), 'utf8')
  const forms: Record<string, (text: string) => void> = {
    markdown: text => assert.match(text, /^# Test report[\s\S]*NOT READY[\s\S]*Sign-off/),
    html: text => assert.match(text, /^<!doctype html>[\s\S]*<\/html>\s*$/i),
    junit: text => assert.ok(parseXml(text)),
    json: text => assert.equal(typeof JSON.parse(text), 'object'),
    annotations: text => assert.match(text, /^::(error|warning|notice) /m),
    terminal: text => assert.match(text, /NOT READY \(fail\)/),
  }
  const all = Object.entries(forms).map(async ([form, holds]) => {
    const {code, stdout, stderr} = await rig.step('95-report', ['--run', older, '--format', form])
    assert.deepEqual([code, stderr], [0, ''], form)
    holds(stdout)
  })
  await Promise.all(all)
  const newest = await rig.step('95-report')
  assert.equal(newest.code, 0, newest.said)
  assert.match(newest.stdout, /✓ READY \(pass\)/)
  assert.equal(readFileSync(rig.journalFile(older), 'utf8'), before, 'to look does not change the journal')
  assert.deepEqual(readdirSync(join(rig.folder, '.runs', older)), ['journal.jsonl'])

  const unknown = await rig.step('95-report', ['--format', 'pdf'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /should be one of .*markdown.*, got "pdf"/)
  const nowhere = await rig.step('95-report', ['--run', 'gone', '--format', 'html'])
  assert.equal(nowhere.code, 2)
  assert.match(nowhere.stderr, /gone\/journal\.jsonl: should be a journal, could not be read/)
})

test('X14 the journal of a run that was killed, cut off in the middle of a line, is reported and can be gone on with', async context => {
  const rig = await makeRig(context)
  const run = oldRun(rig, 'killed', '00')
  appendFileSync(rig.journalFile(run), '{"at":"2024-02-29T12:00:00.000Z","type":"check","phase":"hea')
  const looked = await rig.step('95-report', ['--run', run, '--format', 'terminal'])
  assert.equal(looked.code, 0, looked.said)
  assert.match(looked.stdout, /NOT READY/)
  const cleaned = await rig.step('99-cleanup', ['--run', run])
  assert.notEqual(cleaned.code, null)
  assert.doesNotMatch(cleaned.said, /^ +at /m)
  const again = await rig.step('95-report', ['--run', run, '--format', 'terminal'])
  assert.equal(again.code, 0, again.said)
})

test('without any run there is nothing to report, and it says what makes one', async context => {
  const rig = await makeRig(context)
  const {code, stderr} = await rig.step('95-report')
  assert.deepEqual([code, stderr.split(' --fleet ')[0]], [2, 'there is no run yet\n→ pnpm deploy:staging'])
})
