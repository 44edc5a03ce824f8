// Proves that a tree's digest depends on its content and on nothing else, and that differences are named.
import {strict as assert} from 'node:assert'
import {chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import fc from 'fast-check'
import {treeEntries} from '../../../scripts/lib/release/tree.ts'
import {manifestFaults, treeManifest} from '../../../scripts/lib/release/treeManifest.ts'
import {canonicalJson} from '../../../scripts/lib/text/canonicalJson.ts'
import {temporaryFolder, writeFiles} from './testFleet.ts'

const signal = new AbortController().signal
const files = {'a/b.js': 'b', 'a.js': 'a', 'with "quotes"\nand line': ''}

function tree(t: TestContext, content: Record<string, string> = files): string {
  return temporaryFolder(t, content)
}

test('C12 equal trees have equal digests, in another folder, order and time', async t => {
  const one = tree(t)
  const other = tree(t, Object.fromEntries(Object.entries(files).toReversed()))
  utimesSync(join(other, 'a.js'), 1, 1)
  assert.equal((await treeManifest(other, signal)).digest, (await treeManifest(one, signal)).digest)
})

test('C12 entries are sorted by their whole path, whatever order the disk gives', t => {
  const folder = tree(t, {'a/b.js': '', 'a.js': '', 'B.js': '', 'ä.js': ''})
  assert.deepEqual(
    treeEntries(folder).map(entry => entry.path),
    ['B.js', 'a', 'a.js', 'a/b.js', 'ä.js'],
  )
})

test('C12 a file, its executable bit, a link target and an empty folder each change the digest and are named', async t => {
  const before = tree(t)
  symlinkSync('a.js', join(before, 'link'))
  const expected = await treeManifest(before, signal)
  const cases: [string, (folder: string) => void][] = [
    ['a.js changed', folder => writeFiles(folder, {'a.js': 'other'})],
    ['a.js changed', folder => chmodSync(join(folder, 'a.js'), 0o755)],
    ['with "quotes"\nand line is missing', folder => rmSync(join(folder, 'with "quotes"\nand line'))],
    ['empty is extra', folder => mkdirSync(join(folder, 'empty'))],
    [
      'link changed',
      folder => {
        rmSync(join(folder, 'link'))
        symlinkSync('a/b.js', join(folder, 'link'))
      },
    ],
  ]
  for (const [fault, change] of cases) {
    const after = tree(t)
    symlinkSync('a.js', join(after, 'link'))
    assert.equal((await treeManifest(after, signal)).digest, expected.digest)
    change(after)
    const got = await treeManifest(after, signal)
    assert.notEqual(got.digest, expected.digest)
    assert.deepEqual(manifestFaults(expected.text, got.text), [fault])
  }
})

test('C12 a tree with a socket in it is refused, and a cancelled walk ends', async t => {
  const folder = tree(t)
  await assert.rejects(treeManifest(folder, AbortSignal.abort(new Error('cancelled'))), {message: 'cancelled'})
  const server = createServer().listen(join(folder, 'socket'))
  t.after(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  await assert.rejects(treeManifest(folder, signal), {
    name: 'UserError',
    message: /should be a file, a folder or a link/,
  })
})

test('C12 canonical JSON does not depend on the order of keys and keeps the value', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, inner]) => [key, reversed(inner)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      assert.equal(canonicalJson(reversed(value)), canonicalJson(value))
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
    }),
  )
  assert.equal(canonicalJson({b: [{d: 1, c: 2}], a: undefined}), '{"b":[{"c":2,"d":1}]}')
})

test('a file whose name is not UTF-8 is refused by it', async t => {
  const folder = tree(t)
  writeFileSync(Buffer.from(`${folder}/caf\xe9.js`, 'latin1'), '')
  await assert.rejects(treeManifest(folder, signal), {
    name: 'UserError',
    message: /caf\\xe9\.js: its name should be UTF-8$/,
  })
})
