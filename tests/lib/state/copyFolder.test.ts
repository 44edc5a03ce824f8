import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {copyFolder} from '../../../scripts/lib/state/copyFolder.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const {signal} = new AbortController()
const what = 'state of ledger'

/** A folder of state and where its copy goes; both lie in one folder, as live and a rehearsal do. */
function places(t: TestContext, files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder(t, Object.fromEntries(Object.entries(files).map(([at, text]) => [`live/${at}`, text])))
  const [from, to] = [join(folder, 'live'), join(folder, 'copy')]
  mkdirSync(from, {recursive: true})
  return {folder, from, to, copy: () => copyFolder({what, from, to, signal})}
}

test('X1 what is written through a link of a copy never reaches the state that was copied', async t => {
  const {from, to, copy} = places(t, {'ledger-1.txt': 'first line\n', 'data/two.txt': 'two\n'})
  symlinkSync('ledger-1.txt', join(from, 'current'))
  symlinkSync(join(from, 'data', 'two.txt'), join(from, 'data', 'absolute'))
  symlinkSync(join(from, 'data'), join(from, 'folder'))
  await copy()
  assert.equal(readlinkSync(join(to, 'current')), 'ledger-1.txt')
  appendFileSync(join(to, 'current'), 'WRITTEN BY A REHEARSAL\n')
  appendFileSync(join(to, 'data', 'absolute'), 'WRITTEN BY A REHEARSAL\n')
  appendFileSync(join(to, 'folder', 'two.txt'), 'AGAIN\n')
  assert.equal(readFileSync(join(from, 'ledger-1.txt'), 'utf8'), 'first line\n')
  assert.equal(readFileSync(join(from, 'data', 'two.txt'), 'utf8'), 'two\n')
  assert.equal(readFileSync(join(to, 'data', 'two.txt'), 'utf8'), 'two\nWRITTEN BY A REHEARSAL\nAGAIN\n')
})

test('X1 an absolute link into the state by another name of its folder leads into the copy as well', async t => {
  const {folder, from, to, copy} = places(t, {'data/one.txt': 'one'})
  symlinkSync(folder, join(folder, 'other-name'))
  symlinkSync(join(folder, 'other-name', 'live', 'data'), join(from, 'deep'))
  symlinkSync(join(folder, 'other-name', 'live', 'deep', 'one.txt'), join(from, 'data', 'chain'))
  await copy()
  assert.equal(readlinkSync(join(to, 'deep')), 'data')
  assert.equal(readlinkSync(join(to, 'data', 'chain')), '../deep/one.txt')
  assert.equal(readFileSync(join(to, 'data', 'chain'), 'utf8'), 'one')
})

for (const [name, links, named] of [
  ['an absolute link', {out: '/etc/hostname'}, /out there is a link to \/etc\/hostname/],
  ['a dangling link', {out: '/nowhere/at/all'}, /out there is a link to \/nowhere/],
  ['a link that goes up', {'a/out': '../../other'}, /a\/out there is a link to \.\.\/\.\.\/other/],
  [
    'a chain of links, each of which stays by its text',
    {'a/b/c/up': '../../..', out: 'a/b/c/up/../secret'},
    /out there is a link to a\/b\/c\/up\/\.\.\/secret, which leads to \.\.\/secret/,
  ],
  ['a link by way of a folder that is one', {etc: '/etc', out: 'etc/hostname'}, /etc there is a link to \/etc; out/],
] as [string, Record<string, string>, RegExp][])
  test(`X1 ${name} that leads out is refused by its name, and nothing is copied`, async t => {
    const {folder, from, copy} = places(t, {'a/b/c/kept.txt': 'kept', '../secret': 'secret'})
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(from, path))
    await assert.rejects(copy(), {name: 'UserError', message: named})
    assert.deepEqual(readdirSync(folder).toSorted(), ['live', 'secret'])
  })

test('X1 state that lies behind a link is refused: its copy would be that link', async t => {
  const {folder, from, to} = places(t, {'one.txt': 'one'})
  symlinkSync(from, join(folder, 'linked'))
  await assert.rejects(copyFolder({what, from: join(folder, 'linked'), to, signal}), /there is a link to/)
  assert.equal(existsSync(to), false)
})

test('a link that dangles inside, as of a browser that names its host and pid, is copied as it is', async t => {
  const {from, to, copy} = places(t)
  symlinkSync('host-4711', join(from, 'SingletonLock'))
  await copy()
  assert.equal(readlinkSync(join(to, 'SingletonLock')), 'host-4711')
})

test('a link that keeps a text, longer than any name of a file, is copied as it is', async t => {
  const {from, to, copy} = places(t)
  const text = 'x'.repeat(1000)
  symlinkSync(text, join(from, 'note'))
  await copy()
  assert.equal(readlinkSync(join(to, 'note')), text)
})

test('a socket, and a link to one outside, are left out and named', async t => {
  const {folder, from, to, copy} = places(t, {'one.txt': 'one'})
  for (const path of [join(from, 'socket'), join(folder, 'outside')]) {
    const socket = createServer().listen(path)
    t.after(() => socket.close())
    await new Promise(resolve => socket.once('listening', resolve))
  }
  symlinkSync(join(folder, 'outside'), join(from, 'SingletonSocket'))
  const {skipped} = await copy()
  assert.deepEqual(skipped.toSorted(), ['SingletonSocket', 'socket'])
  assert.deepEqual(readdirSync(to), ['one.txt'])
})

test('names of any bytes, hard links, modes and times are those of the state', async t => {
  const {from, to, copy} = places(t, {'data/one.txt': 'one'})
  const latin = (name: string) => Buffer.concat([Buffer.from(`${from}/`), Buffer.from(name, 'latin1')])
  mkdirSync(latin('caf\xe9'))
  writeFileSync(latin('caf\xe9/\xff.md'), 'must survive')
  symlinkSync(Buffer.from('caf\xe9/\xff.md', 'latin1'), latin('to \xe9'))
  linkSync(join(from, 'data', 'one.txt'), join(from, 'again.txt'))
  chmodSync(join(from, 'data', 'one.txt'), 0o640)
  chmodSync(join(from, 'data'), 0o750)
  for (const path of ['data/one.txt', 'data', '.']) utimesSync(join(from, path), 1_700_000_000, 1_700_000_000)
  await copy()
  const names = readdirSync(to, {recursive: true, encoding: 'buffer'}) as unknown as Buffer[]
  assert.deepEqual(
    names.map(name => name.toString('latin1')).toSorted(),
    ['again.txt', 'caf\xe9', 'caf\xe9/\xff.md', 'data', 'data/one.txt', 'to \xe9'].toSorted(),
  )
  const copied = (name: string) => Buffer.concat([Buffer.from(`${to}/`), Buffer.from(name, 'latin1')])
  assert.equal(readFileSync(copied('to \xe9'), 'utf8'), 'must survive')
  const [one, again, data, all] = ['data/one.txt', 'again.txt', 'data', '.'].map(path => statSync(join(to, path)))
  assert.deepEqual([one?.ino, one?.nlink], [again?.ino, 2])
  assert.deepEqual(
    [one, data].map(stats => (stats?.mode ?? 0) & 0o777),
    [0o640, 0o750],
  )
  assert.deepEqual(
    [one, data, all].map(stats => stats?.mtimeMs),
    Array(3).fill(1_700_000_000_000),
  )
})

test('a file with holes takes no more room in its copy', async t => {
  const {from, to, copy} = places(t)
  const path = join(from, 'sparse.img')
  writeFileSync(path, 'begin')
  truncateSync(path, 50_000_000)
  appendFileSync(path, 'end')
  await copy()
  const stats = lstatSync(join(to, 'sparse.img'))
  assert.equal(stats.size, 50_000_003)
  assert.ok(stats.blocks * 512 < 2_000_000, `${stats.blocks} blocks`)
  const bytes = readFileSync(join(to, 'sparse.img'))
  assert.equal(bytes.subarray(0, 5).toString() + bytes.subarray(-3).toString(), 'beginend')
})

test('state that changes each time is not copied, and what could be done is said', async t => {
  const {folder, from, copy} = places(t, {'busy.txt': ''})
  writeFileSync(join(from, 'large'), randomBytes(3_000_000))
  const writer = setInterval(() => appendFileSync(join(from, 'busy.txt'), 'more'), 1)
  t.after(() => clearInterval(writer))
  await assert.rejects(copy(), {
    name: 'UserError',
    message: /the state of ledger changed each of the 5 times that it was copied: busy\.txt/,
  })
  assert.deepEqual(readdirSync(folder), ['live'])
})
