import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {test} from 'node:test'
import {bytesOf, nameOf, pathOf, shownName} from '../../../scripts/lib/files/byteName.ts'

test('a name of any bytes becomes a text and the same bytes again, also by way of JSON', () => {
  const names = [
    Buffer.from('plain.txt'),
    Buffer.from('größe/日本/😀'),
    Buffer.from('caf\xe9.md', 'latin1'),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xf0, 0x9f, 0x98]),
    Buffer.from([0xc0, 0xaf, 0x2f, 0xff]),
    ...Array.from({length: 500}, () => randomBytes(1 + Math.floor(Math.random() * 12))),
  ]
  const texts = names.map(nameOf)
  for (const [index, name] of names.entries()) {
    assert.deepEqual(bytesOf(JSON.parse(JSON.stringify(texts[index]))), name)
    assert.deepEqual(Buffer.from(pathOf(texts[index] ?? '')), name)
  }
})

test('a name that is UTF-8 is its own text, and another one never has the text of it', () => {
  assert.equal(nameOf(Buffer.from('größe')), 'größe')
  assert.equal(pathOf('größe'), 'größe')
  assert.notEqual(nameOf(Buffer.from([0xff])), nameOf(Buffer.from('\ufffd')))
})

test('a byte that is not UTF-8 is shown as its number', () => {
  assert.equal(shownName(nameOf(Buffer.from('caf\xe9.md', 'latin1'))), 'caf\\xe9.md')
})

test('the text of a name is that of PEP 383', t => {
  const program = 'import os, json; print(json.dumps(os.fsdecode(bytes.fromhex("636166e92e6d64"))))'
  let said: string
  try {
    said = execFileSync('python3', ['-c', program], {encoding: 'utf8', env: {LC_ALL: 'C.UTF-8'}})
  } catch {
    t.skip('no python3 here')
    return
  }
  assert.equal(JSON.parse(said), nameOf(Buffer.from('636166e92e6d64', 'hex')))
})
