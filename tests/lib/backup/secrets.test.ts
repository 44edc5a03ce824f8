import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {gunzipSync} from 'node:zlib'
import {secretFinder} from '../../../scripts/lib/backup/secretFinder.ts'
import {redactor} from '../../../scripts/lib/journal/redactor.ts'
import {liveEnvironment, write} from './environment.ts'

const value = 'pa"ss wörd/+=&123'
const forms = [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64'),
  Buffer.from(value).toString('base64url'),
  Buffer.from(value).toString('hex'),
]

test('the archive holds no value of a secret, in no form', async t => {
  const live = liveEnvironment(t)
  write(live.folder, {'.env.staging': `API_KEY=${value}\n`})
  write(live.root, {'rehearsal.key': value, 'lock.json': value})
  const {path, findings} = await live.backUp({secrets: {API_KEY: value}, withCode: true})
  const plain = gunzipSync(readFileSync(path)).toString('latin1')
  for (const form of forms) assert.equal(plain.includes(Buffer.from(form).toString('latin1')), false, form)
  const redact = redactor({API_KEY: value})
  assert.equal(redact(plain), plain)
  assert.ok(plain.includes('API_KEY'))
  assert.deepEqual(findings, [])
})

test('a state file with the value of a secret is told, in whatever form, and kept', async t => {
  for (const form of forms) {
    const live = liveEnvironment(t, {state: {'memory.jsonl': `it is ${form} here`, other: 'nothing'}})
    const {findings} = await live.backUp({secrets: {API_KEY: value, OTHER: 'another value'}})
    assert.equal(findings.length, 1, form)
    assert.match(findings[0] ?? '', /memory\/memory\.jsonl is state and holds the value of API_KEY/)
    assert.equal(JSON.stringify(findings).includes(form), false)
  }
})

test('a value in configuration refuses the backup, and its message holds only the name', async t => {
  const live = liveEnvironment(t)
  writeFileSync(join(live.folder, 'fleet.yaml'), `env: {KEY: '${value}'}`)
  await assert.rejects(live.backUp({secrets: {API_KEY: value}}), thrown => {
    assert.match((thrown as Error).message, /fleet\/fleet\.yaml holds the value of API_KEY/)
    assert.equal((thrown as Error).message.includes(value), false)
    return true
  })
})

test('a value is found where it is cut in two by the parts of a stream', () => {
  const hex = Buffer.from(value).toString('hex')
  const bytes = Buffer.from(`${'x'.repeat(300)}${hex}${'y'.repeat(300)}`)
  for (let cut = 300; cut < 300 + hex.length; cut++) {
    const finder = secretFinder({API_KEY: value, SHORT: 'abc', MISSING: undefined})
    finder.next(bytes.subarray(0, cut))
    finder.next(bytes.subarray(cut))
    assert.deepEqual(finder.found(), ['API_KEY'], `cut at ${cut}`)
  }
})
