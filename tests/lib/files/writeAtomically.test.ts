// A reader sees the old text or the new one, never half of one, and a write that fails leaves nothing behind.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {writeAtomically} from '../../../scripts/lib/files/writeAtomically.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const module = new URL('../../../scripts/lib/files/writeAtomically.ts', import.meta.url).href

test('folders are made, and the file has the mode that was asked for', t => {
  const path = join(temporaryFolder(t), 'a', 'b', 'file')
  writeAtomically(path, 'one', 0o600)
  assert.equal(readFileSync(path, 'utf8'), 'one')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  writeAtomically(path, 'two', 0o755)
  assert.equal(readFileSync(path, 'utf8'), 'two')
  assert.equal(statSync(path).mode & 0o777, 0o755)
})

test('while it is written again and again, a reader never sees half', {timeout: 30_000}, async t => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'file')
  const size = 200_000
  const code = `import {writeAtomically} from ${JSON.stringify(module)}
    for (let i = 0; i < 150; i++) writeAtomically(process.argv[1], String(i % 10).repeat(${size}))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, path], {stdio: 'inherit'})
  const ended = once(child, 'exit')
  let reads = 0
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(path)) {
      const text = readFileSync(path, 'utf8')
      assert.equal(text, (text[0] ?? '').repeat(size))
      reads += 1
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.deepEqual((await ended)[0], 0)
  assert.ok(reads > 20, `only ${reads} reads`)
  assert.deepEqual(readdirSync(folder), ['file'])
})

test('what cannot be written leaves the old text, and nothing beside it', t => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'taken', 'deep'), {recursive: true})
  assert.throws(() => writeAtomically(join(folder, 'taken'), 'text'), /EISDIR|ENOTEMPTY|EEXIST/)
  assert.deepEqual(readdirSync(folder), ['taken'])
})
