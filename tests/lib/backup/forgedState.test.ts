// What a forged manifest says of state moves nothing outside of the root: paths, names of servers, links on the way.
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {digests, liveEnvironment, signal, write} from './environment.ts'
import {evilFile, inFolders, redigested, stateInArchive, writeForged} from './forged.ts'

/** A live environment with a sibling, and a forged backup whose manifest says something else of state. */
async function forged(t: TestContext, state: unknown, more: readonly string[] = []) {
  const live = liveEnvironment(t)
  const {manifest} = await live.backUp()
  write(live.folder, {'sibling/live.json': 'precious', 'victim/authorized_keys': 'owner'})
  const file = join(live.folder, 'evil.tar.gz')
  const entries = inFolders([evilFile(`${stateInArchive}/memory.jsonl`), ...more.map(evilFile)])
  writeForged(file, redigested(manifest, {state, entries}))
  return {live, file, before: digests(live.folder), options: {...live.here, file}}
}

const own = 'memory.jsonl'
for (const [what, state, more] of [
  ['deletes a sibling environment', {memory: {paths: [own, '../../../../../sibling'], absent: []}}, []],
  ['plants a file beside the root', {memory: {paths: [own, '../../../../../planted'], absent: []}}, ['planted']],
  [
    'replaces a file beside the root',
    {memory: {paths: [own, '../../../../../victim/authorized_keys'], absent: []}},
    ['victim/authorized_keys'],
  ],
  ['calls a server by a path', {'../../../../../sibling': {paths: ['.'], absent: []}}, []],
  ['calls a server by nothing', {'': {paths: ['.'], absent: []}}, []],
  ['calls a server by a dot', {'..': {paths: ['.'], absent: []}}, []],
  ['names the state of an absolute path', {memory: {paths: ['/etc'], absent: []}}, []],
  ['goes up in the middle of a path', {memory: {paths: ['a/../../other'], absent: []}}, []],
  ['hides the way up behind a dot', {memory: {paths: ['./../other'], absent: []}}, []],
  ['has a path with a zero byte', {memory: {paths: ['a\0b'], absent: []}}, []],
  ['has a path within another', {memory: {paths: ['data', 'data/deep'], absent: []}}, []],
  ['leaves out what it does not declare', {memory: {paths: [own], absent: ['../../../../../sibling']}}, []],
  ['has numbers for paths', {memory: {paths: [7], absent: []}}, []],
] as [what: string, state: unknown, more: string[]][])
  test(`B12 an archive that ${what} is refused with the place and the value, and nothing changes`, async t => {
    const {file, live, before, options} = await forged(t, state, more)
    await assert.rejects(restoreBackup(options), {
      name: 'ArchiveFault',
      message: /manifest\.json (.*state\.memory\..*got |.*the name ")/,
    })
    assert.deepEqual(digests(live.folder), before)
    const read = await verifyBackup({file, signal})
    assert.ok('fault' in read)
    assert.match(read.fault, /evil\.tar\.gz: manifest\.json .*state\b/)
  })

test('B12 an archive that names other things of the manifest by nonsense is refused, without a stack trace', async t => {
  const live = liveEnvironment(t)
  const {manifest} = await live.backUp()
  const file = join(live.folder, 'evil.tar.gz')
  for (const [key, value] of Object.entries({
    fleet: '../harbour',
    environment: 'staging\u001b[31m',
    at: 'yesterday',
    root: 'relative',
    run: 'x'.repeat(2000),
    release: '../x',
    state: [],
    needs: null,
    entries: [{kind: 'file', path: 'fleet', mode: 0o4755, bytes: 4, sha256: 'x', modifiedMs: 1}],
  })) {
    writeForged(file, redigested({...manifest, entries: []}, {[key]: value}))
    await assert.rejects(restoreBackup({...live.here, file}), thrown => {
      assert.ok(thrown instanceof Error && thrown.name === 'ArchiveFault', String(thrown))
      assert.match(thrown.message, new RegExp(`manifest\\.json should be the manifest of a backup: ${key}\\b`))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
      assert.doesNotMatch(thrown.message, /[\u0000-\u001f]/)
      return true
    })
  }
})

test('B12 nothing is moved through a link inside of the root that leads elsewhere, and no folder is made there', async t => {
  for (const [link, paths] of [
    ['instances/live/state', ['.']],
    ['instances/live/state/memory', ['deep/er/memory.jsonl']],
    ['restore/previous', ['.']],
    ['records', ['.']],
  ] as const) {
    const live = liveEnvironment(t, {paths: [...paths], state: {'deep/er/memory.jsonl': 'one'}})
    const {path} = await live.backUp()
    const outside = join(live.folder, 'outside')
    mkdirSync(outside)
    const at = join(live.root, link)
    rmSync(at, {recursive: true, force: true})
    mkdirSync(join(at, '..'), {recursive: true})
    symlinkSync(outside, at)
    const restored = restoreBackup({...live.here, file: path})
    // What the restore makes itself takes the place of a link.
    if (link.startsWith('restore')) await restored
    else await assert.rejects(restored, {name: 'UserError', message: /a link on the way leads to another place/})
    assert.deepEqual(digests(outside), {}, link)
    assert.equal(existsSync(join(live.root, 'restore.json')), false)
  }
})

test('a name that the file system does not take is refused with its entry, and nothing stays', async t => {
  const {live, file, options} = await forged(t, {memory: {paths: ['.'], absent: []}})
  const {manifest} = await live.backUp({now: new Date('2026-11-21T10:00:00.000Z')})
  const deep = Array.from({length: 20}, () => 'd'.repeat(200)).join('/')
  for (const [path, message] of [
    [`${stateInArchive}/${'x'.repeat(256)}`, /which is no path below a folder/],
    [`${stateInArchive}/${deep}`, /cannot be written below .*: ENAMETOOLONG/],
  ] as const) {
    writeForged(file, redigested(manifest, {entries: inFolders([evilFile(path)])}))
    const before = digests(live.folder)
    await assert.rejects(restoreBackup(options), {message})
    assert.deepEqual(digests(live.folder), before)
  }
})

test('B12 the state of the root is what the archive has when its manifest is honest', async t => {
  const {live, options} = await forged(t, {memory: {paths: ['.'], absent: []}})
  await restoreBackup(options)
  assert.equal(readFileSync(join(live.state, own), 'utf8'), 'evil')
  writeFileSync(join(live.state, own), 'later')
})
