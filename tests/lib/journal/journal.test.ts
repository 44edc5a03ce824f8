// The journal is appended to, survives what a kill or a full disk leaves, and is refused when it is newer or changed.
import assert from 'node:assert/strict'
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {beginRun} from '../../../scripts/lib/journal/beginRun.ts'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {openJournal} from '../../../scripts/lib/journal/journal.ts'
import {parseJournal, readJournal} from '../../../scripts/lib/journal/readJournal.ts'
import {redactor} from '../../../scripts/lib/journal/redactor.ts'
import {runAll} from '../runAll.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const plain = <Value>(value: Value) => value
const fact = (name: string): EntryBody => ({type: 'fact', name, value: 1})
const names = (path: string) => readJournal(path).map(entry => ('name' in entry ? entry.name : entry.type))

test('entries are appended in order, each with its time and its step, in folders that are made', t => {
  const path = join(temporaryFolder(t), 'runs', 'one', 'journal.jsonl')
  openJournal(path, plain, '10-preflight').record(fact('first'))
  const before = readFileSync(path, 'utf8')
  openJournal(path, plain).record(fact('second'))
  assert.ok(readFileSync(path, 'utf8').startsWith(before), 'what was written stays as it was')
  const [first, second] = readJournal(path)
  assert.deepEqual(first, {at: first?.at, type: 'fact', name: 'first', value: 1, by: '10-preflight'})
  assert.match(first?.at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.equal(second?.by, undefined)
})

test('what is written is redacted', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  openJournal(path, redactor({API_KEY: 'correct horse'})).record(fact('the correct horse'))
  assert.deepEqual(names(path), ['the [secret API_KEY]'])
})

test('a torn last line is left out, and the next entry has a line of its own', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  const journal = openJournal(path, plain)
  journal.record(fact('first'))
  for (const half of ['{', '{"at":"2026-11', '{"at":"2026-11-20T10:00:00.000Z","type":"fact","name":"ha']) {
    appendFileSync(path, half)
    assert.deepEqual(names(path).slice(0, 1), ['first'])
    journal.record(fact(`after ${half.length}`))
  }
  assert.deepEqual(names(path), ['first', 'after 1', 'after 14', 'after 57'])
})

test('a whole last line without its end is an entry', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  const journal = openJournal(path, plain)
  journal.record(fact('first'))
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd())
  journal.record(fact('second'))
  assert.deepEqual(names(path), ['first', 'second'])
})

test('a full disk is told to the writer', {skip: process.platform !== 'linux' && '/dev/full is of Linux'}, () => {
  assert.throws(() => openJournal('/dev/full', plain).record(fact('lost')), /ENOSPC/)
})

test('several processes write whole lines', {timeout: 30_000}, async t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  const module = new URL('../../../scripts/lib/journal/journal.ts', import.meta.url).href
  const code = `import {openJournal} from ${JSON.stringify(module)}
    const journal = openJournal(process.argv[1], value => value, process.argv[2])
    for (let i = 0; i < 50; i++) journal.record({type: 'fact', name: 'n' + i, value: 'x'.repeat(2000)})`
  const codes = await runAll(['a', 'b', 'c'].map(by => ['--input-type=module', '-e', code, path, by]))
  assert.deepEqual(
    codes.map(({exitCode}) => exitCode),
    [0, 0, 0],
  )
  const entries = readJournal(path)
  for (const by of ['a', 'b', 'c']) {
    const own = entries.filter(entry => entry.by === by)
    assert.deepEqual(
      own.map(entry => entry.type === 'fact' && entry.name),
      Array.from({length: 50}, (_, index) => `n${index}`),
    )
  }
})

test('a journal that was changed by hand is refused at its place', () => {
  const good = '{"at":"2026-11-20T10:00:00.000Z","type":"fact","name":"a","value":1}'
  for (const broken of ['hello', '[1]', 'null', '12', '{"type":"fact",'])
    assert.throws(
      () => parseJournal(`${good}\n${broken}\n${good}\n`, 'journal.jsonl'),
      (error: unknown) =>
        error instanceof UserError &&
        error.message === `journal.jsonl:2: should be one JSON object, got ${broken}` &&
        error.remedy === 'the journal was changed by hand; pnpm report --run NAME shows another run',
    )
})

test('X14 an entry of another shape is refused at its place, and never reaches a report', () => {
  const at = '2026-11-20T10:00:00.000Z'
  const check = {at, type: 'check', phase: 'p', check: 'p/c', verdict: 'pass', detail: 'd'}
  for (const [entry, member] of [
    [{...check, verdict: 'good'}, 'verdict'],
    [{...check, detail: ['d']}, 'detail'],
    [{...check, findings: [{severity: 'High', place: 1, text: 't'}]}, 'findings'],
    [{...check, at: 'never'}, 'at'],
    [{at, type: 'step', step: 's', state: 'x'}, 'state'],
    [{at, type: 'fact', name: {}}, 'name'],
  ] as const)
    assert.throws(
      () => parseJournal(`${JSON.stringify(check)}\n${JSON.stringify(entry)}\n`, 'journal.jsonl'),
      new RegExp(`journal.jsonl:2: ${member} of the entry ${entry.type} is not as it was written`),
    )
})

test('a journal of a newer version is refused, finished or not; an unknown type of entry is left out', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  beginRun(path, plain, {run: 'r', pipeline: 'p', environment: 'staging', steps: ['10-preflight']})
  assert.equal(readJournal(path).length, 1)
  const newer = readFileSync(path, 'utf8').replace('"journalVersion":1', '"journalVersion":2')
  for (const text of [newer, newer.trimEnd()])
    assert.throws(
      () => parseJournal(text, 'journal.jsonl'),
      (error: unknown) =>
        error instanceof UserError &&
        error.message === 'journal.jsonl:1: journal version should be at most 1, got 2' &&
        error.remedy === 'read it with the newer Seaworthy that wrote it',
    )
  assert.deepEqual(parseJournal('{"at":"x","type":"weather"}\n', 'journal.jsonl'), [])
})

test('a journal that is not there says what to do', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  assert.throws(
    () => readJournal(path),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === `${path}: should be a journal, could not be read` &&
      error.remedy === 'name a run with --run, or start one',
  )
})
