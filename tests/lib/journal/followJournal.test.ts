// A journal that is followed says the same as one that is read whole, whatever was written in between.
import assert from 'node:assert/strict'
import {appendFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {followJournal} from '../../../scripts/lib/journal/followJournal.ts'
import {openJournal} from '../../../scripts/lib/journal/journal.ts'
import {readJournal} from '../../../scripts/lib/journal/readJournal.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const line = (name: string) => `{"at":"2026-11-20T10:00:00.000Z","type":"fact","name":"${name}","value":1}`

test('entries of any writer are there at the next look, and what was given before stays as it was', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  const [one, other] = [openJournal(path, value => value), openJournal(path, value => value)]
  one.record({type: 'fact', name: 'ä first', value: 1})
  const entries = followJournal(path)
  const before = entries()
  other.record({type: 'fact', name: 'second', value: '✓'}, {type: 'fact', name: 'third', value: 3})
  assert.equal(entries().length, 3)
  assert.deepEqual(entries(), readJournal(path))
  assert.equal(before.length, 1)
})

test('a line counts when it is whole: one that is half written is waited for, and a torn one left out', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  const text = `${line('whole')}\n${line('half ✓ written')}`
  const bytes = Buffer.from(text)
  const entries = followJournal(path)
  for (const end of [10, bytes.indexOf('✓') + 1, bytes.length]) {
    writeFileSync(path, bytes.subarray(0, end))
    assert.deepEqual(entries(), readJournal(path), `${end} bytes`)
  }
  assert.equal(entries().length, 2, 'also without the end of its line')
  appendFileSync(path, `\n{"at":"torn\n{"type":"of a later version"}\n${line('last')}\n`)
  assert.deepEqual(entries(), readJournal(path))
  assert.equal(entries().length, 3)
})

test('a journal that became shorter is read again; one that is spoilt or gone is told as when it is read whole', t => {
  const path = join(temporaryFolder(t), 'journal.jsonl')
  writeFileSync(path, `${line('one')}\n${line('two')}\n`)
  const entries = followJournal(path)
  assert.equal(entries().length, 2)
  writeFileSync(path, `${line('another')}\n`)
  assert.deepEqual(entries(), readJournal(path))
  appendFileSync(path, 'spoilt\n')
  assert.throws(entries, {name: 'UserError', message: /journal\.jsonl:2: should be one JSON object, got spoilt/})
  rmSync(path)
  assert.throws(
    entries,
    thrown => thrown instanceof UserError && /should be a journal, could not be read/.test(thrown.message),
  )
})
