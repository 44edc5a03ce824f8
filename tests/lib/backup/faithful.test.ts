import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {liveEnvironment, signal} from './environment.ts'

const latin = (folder: string, name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
const namesIn = (folder: string) =>
  (readdirSync(folder, {recursive: true, encoding: 'buffer'}) as unknown as Buffer[])
    .map(name => name.toString('latin1'))
    .toSorted()
const long = 'sehr-'.repeat(25)
const odd = [
  'caf\xe9.md',
  `${long}\xe9`,
  `${long}\xe9/inner\xff`,
  'line\nbreak',
  'caf\xe9',
  'caf\xe9/plain',
  '\xff\xfe',
  'b\xe4d\xff',
]

test('B12 files and folders whose names are not UTF-8 are in the backup, and come back with a restore', async t => {
  const live = liveEnvironment(t)
  for (const name of odd) {
    if (name === 'caf\xe9' || name === `${long}\xe9`) mkdirSync(latin(live.state, name))
    else writeFileSync(latin(live.state, name), `in ${name}`)
  }
  symlinkSync(Buffer.from('caf\xe9.md', 'latin1'), latin(live.state, 'to \xe9'))
  symlinkSync(Buffer.from(`${long}\xe9/inner\xff`, 'latin1'), latin(live.state, 'far'))
  const before = namesIn(live.state)
  const {path, findings} = await live.backUp()
  assert.deepEqual(findings, [])
  assert.ok('manifest' in (await verifyBackup({file: path, signal})))

  // tar alone sees the same bytes.
  const opened = temporaryFolder(t)
  execFileSync('tar', ['-xzf', path, '-C', opened])
  assert.deepEqual(namesIn(join(opened, 'environment/instances/live/state/memory')), before)

  rmSync(live.state, {recursive: true})
  mkdirSync(live.state)
  const {servers} = await restoreBackup({...live.here, file: path})
  assert.deepEqual(namesIn(live.state), before)
  assert.equal(readFileSync(latin(live.state, 'to \xe9'), 'utf8'), 'in caf\xe9.md')
  assert.equal(readFileSync(latin(live.state, 'far'), 'utf8'), `in ${long}\xe9/inner\xff`)
  assert.equal(servers[0]?.added, before.length - 2)
  // What was restored is what was backed up.
  const again = await restoreBackup({...live.here, file: path})
  assert.deepEqual(again.servers, [{server: 'memory', added: 0, removed: 0, changed: 0}])
})

test('B12 hard links, holes, absolute links into the state and times of folders come back as they were', async t => {
  const live = liveEnvironment(t, {state: {'z/one': 'one', 'data/kept': 'kept'}})
  linkSync(join(live.state, 'z/one'), join(live.state, 'a-second-name'))
  linkSync(join(live.state, 'z/one'), join(live.state, 'data/third'))
  symlinkSync(join(live.state, 'data'), join(live.state, 'z/absolute'))
  const sparse = join(live.state, 'sparse.img')
  writeFileSync(sparse, 'begin')
  truncateSync(sparse, 20_000_000)
  appendFileSync(sparse, 'end')
  utimesSync(join(live.state, 'data'), 1_700_000_000, 1_700_000_000)
  const {path, bytes} = await live.backUp()
  assert.ok(bytes < 200_000, `${bytes} bytes`)
  const opened = temporaryFolder(t)
  execFileSync('tar', ['-xzf', path, '-C', opened])
  assert.equal(statSync(join(opened, 'environment/instances/live/state/memory/data/third')).nlink, 3)

  rmSync(live.state, {recursive: true})
  await restoreBackup({...live.here, file: path})
  const [one, second, third] = ['z/one', 'a-second-name', 'data/third'].map(name => statSync(join(live.state, name)))
  assert.deepEqual([one?.nlink, one?.ino, one?.ino], [3, second?.ino, third?.ino])
  assert.equal(readlinkSync(join(live.state, 'z/absolute')), '../data')
  assert.equal(statSync(join(live.state, 'data')).mtimeMs, 1_700_000_000_000)
  const stats = statSync(sparse)
  assert.equal(stats.size, 20_000_003)
  assert.ok(stats.blocks * 512 < 2_000_000, `${stats.blocks} blocks`)
  const again = await restoreBackup({...live.here, file: path})
  assert.deepEqual(again.servers, [{server: 'memory', added: 0, removed: 0, changed: 0}])
})

test('a chain of links out of the state is refused when the backup is made', async t => {
  const live = liveEnvironment(t, {state: {'a/b/c/kept': 'kept'}})
  symlinkSync('../../..', join(live.state, 'a/b/c/up'))
  symlinkSync('a/b/c/up/../../../live.json', join(live.state, 'out'))
  await assert.rejects(live.backUp(), {
    name: 'UserError',
    message: /out there is a link to a\/b\/c\/up\/.*, which leads to \.\.\/\.\.\/\.\.\/live\.json/,
  })
})
