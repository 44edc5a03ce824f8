import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {gzipSync} from 'node:zlib'
import {Header} from 'tar'
import type {ManifestEntry} from '../../../scripts/lib/backup/manifest.ts'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {stageRestore} from '../../../scripts/lib/backup/stageRestore.ts'
import type {TarItem} from '../../../scripts/lib/backup/tarStream.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {liveEnvironment} from './environment.ts'
import {evilFile, foldersOf, itemOf, redigested, stateInArchive, tarOf} from './forged.ts'

const state = stateInArchive
const evil = evilFile

/** An archive whose manifest fits its entries: what somebody would make who wants to get out of the folder. */
async function crafted(t: TestContext, entries: ManifestEntry[], inArchive: readonly TarItem[] | Buffer = []) {
  const live = liveEnvironment(t)
  const {manifest} = await live.backUp()
  const items = Array.isArray(inArchive) && inArchive.length > 0 ? inArchive : entries.map(itemOf)
  const whole = tarOf(redigested(manifest, {entries}), Buffer.isBuffer(inArchive) ? [] : items)
  const outside = temporaryFolder(t)
  const file = join(outside, 'crafted.tar.gz')
  writeFileSync(
    file,
    gzipSync(Buffer.isBuffer(inArchive) ? Buffer.concat([whole.subarray(0, -1024), inArchive]) : whole),
  )
  const root = join(outside, 'a', 'root')
  return {file, root, outside, options: {...live.here, file, root}}
}

for (const [what, entries] of Object.entries({
  'a path that goes up': [evil('../../escaped')],
  'a path that goes up in the middle': [...foldersOf(state), evil(`${state}/../../../../../../escaped`)],
  'an absolute path': [evil('/tmp/seaworthy-escaped')],
  'a path with an empty word': [...foldersOf(state), evil(`${state}//escaped`)],
  'a link to an absolute path': [...foldersOf(state), {kind: 'link', path: `${state}/out`, target: '/tmp'}],
  'a link that goes up': [...foldersOf(state), {kind: 'link', path: `${state}/out`, target: '../../other'}],
  'links that lead outside one over the other': [
    ...foldersOf(`${state}/a/b/c/d`),
    {kind: 'link', path: `${state}/a/b/c/d/up`, target: '../../../..'},
    {kind: 'link', path: `${state}/out`, target: 'a/b/c/d/up/..'},
  ],
  'links of which a later one leads outside': [
    ...foldersOf(`${state}/z/y`),
    {kind: 'link', path: `${state}/early`, target: 'z/y/late/../../other'},
    {kind: 'link', path: `${state}/z/y/late`, target: '../..'},
  ],
  'a link outside of state': [...foldersOf('environment'), {kind: 'link', path: 'environment/records', target: 'x'}],
  'a file through a link': [
    ...foldersOf(state),
    {kind: 'link', path: `${state}/out`, target: 'in'},
    evil(`${state}/out/escaped`),
  ],
  'a hard link to a file of another server': [
    ...foldersOf(state),
    ...foldersOf('environment/instances/live/state/other').slice(-1),
    evil('environment/instances/live/state/other/a'),
    {kind: 'same', path: `${state}/a`, target: 'environment/instances/live/state/other/a'},
  ],
  'a hard link to a file outside of it': [
    ...foldersOf(state),
    {kind: 'same', path: `${state}/a`, target: '/etc/passwd'},
  ],
  'a hard link to a file that comes later': [
    ...foldersOf(state),
    {kind: 'same', path: `${state}/a`, target: `${state}/b`},
    evil(`${state}/b`),
  ],
  'a hard link outside of state': [
    ...foldersOf('environment'),
    evil('environment/live.json'),
    {kind: 'same', path: 'environment/records', target: 'environment/live.json'},
  ],
  'a file whose folder is a file': [...foldersOf(state), evil(`${state}/a`), evil(`${state}/a/escaped`)],
  'the same path twice': [...foldersOf(state), evil(`${state}/a`), evil(`${state}/a`)],
} satisfies Record<string, ManifestEntry[]>))
  test(`an archive with ${what} is refused before anything is written`, async t => {
    const {options, outside} = await crafted(t, entries)
    await assert.rejects(stageRestore(options), {name: 'ArchiveFault', message: /manifest\.json (names|links)/})
    assert.deepEqual(everything(outside), ['a', 'a/root', 'crafted.tar.gz'])
    assert.equal(existsSync('/tmp/seaworthy-escaped'), false)
  })

for (const [what, type] of Object.entries({
  'a hard link': 'Link',
  'a character device': 'CharacterDevice',
  'a block device': 'BlockDevice',
  'a named pipe': 'FIFO',
} as const))
  test(`an archive with ${what} in the place of a file is refused`, async t => {
    const header = new Header({
      path: 'fleet',
      type,
      mode: 0o755,
      size: 0,
      mtime: new Date(),
      linkpath: type === 'Link' ? '/etc/passwd' : undefined,
    })
    header.encode()
    const {options, outside} = await crafted(
      t,
      foldersOf('fleet'),
      Buffer.concat([header.block ?? Buffer.alloc(0), Buffer.alloc(1024)]),
    )
    await assert.rejects(stageRestore(options), {
      name: 'ArchiveFault',
      message: /fleet should be of the kind Directory, got/,
    })
    assert.deepEqual(everything(outside), ['a', 'a/root', 'crafted.tar.gz'])
  })

test('an archive whose links lead on and on is refused within seconds', async t => {
  const target = 'd/'.repeat(2000)
  const links: ManifestEntry[] = Array.from({length: 150}, (_, index) => ({
    kind: 'link',
    path: `${state}/${index}`,
    target,
  }))
  const entries: ManifestEntry[] = [...foldersOf(state), ...links]
  const {options} = await crafted(t, entries)
  const beganAt = performance.now()
  await assert.rejects(stageRestore(options), {name: 'ArchiveFault', message: /more links over links than any backup/})
  assert.ok(performance.now() - beganAt < 20_000)
})

test('links within the state of a server are restored, also one over the other and one that leads nowhere', async t => {
  const links: ManifestEntry[] = [
    {kind: 'link', path: `${state}/a/b/up`, target: '../..'},
    {kind: 'link', path: `${state}/a/inside`, target: 'b/up/a/b'},
    {kind: 'link', path: `${state}/a/itself`, target: 'itself'},
    {kind: 'link', path: `${state}/a/nowhere`, target: '../none/here'},
  ]
  const {options, root} = await crafted(t, [...foldersOf(`${state}/a/b`), ...links])
  await restoreBackup(options)
  for (const link of links)
    if (link.kind === 'link') assert.equal(readlinkSync(join(root, link.path.replace('environment/', ''))), link.target)
})

test('an archive with more than its manifest says is refused', async t => {
  const entries = foldersOf('fleet')
  const {options, outside} = await crafted(t, entries, [...entries.map(itemOf), itemOf(evil('../escaped'))])
  await assert.rejects(stageRestore(options), {name: 'ArchiveFault', message: /\.\.\/escaped is not in the manifest/})
  assert.deepEqual(everything(outside), ['a', 'a/root', 'crafted.tar.gz'])
})

test('an archive whose entries have other names than its manifest says is refused', async t => {
  const entries = [...foldersOf('fleet'), evil('fleet/one')]
  const {options} = await crafted(t, entries, [...foldersOf('fleet'), evil('fleet/other')].map(itemOf))
  await assert.rejects(stageRestore(options), {
    name: 'ArchiveFault',
    message: /fleet\/one should come here, got fleet\/other/,
  })
})

test('only what belongs into an environment is put there, whatever else the archive holds', async t => {
  const entries = [...foldersOf('environment'), evil('environment/lock.json'), evil('environment/rehearsal.key')]
  const {options, root} = await crafted(t, entries)
  const plan = await restoreBackup(options)
  assert.deepEqual(plan.moves, [])
  assert.deepEqual(readdirSync(root), [])
})

test('an archive that another tar made with a link in it is refused as well', async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const folder = temporaryFolder(t)
  execFileSync('tar', ['-xzf', path, '-C', folder])
  rmSync(join(folder, 'environment/live.json'))
  symlinkSync('/etc/hostname', join(folder, 'environment/live.json'))
  execFileSync('tar', ['-czf', path, '-C', folder, 'manifest.json', 'environment', 'fleet', 'releases'])
  await assert.rejects(stageRestore({...live.here, file: path}), {name: 'ArchiveFault'})
})

test('state is not restored through a folder that is a link', async t => {
  const live = liveEnvironment(t, {paths: ['data/file'], state: {'data/file': 'one'}})
  const {path} = await live.backUp()
  const outside = temporaryFolder(t)
  renameSync(join(live.state, 'data'), join(outside, 'data'))
  symlinkSync(join(outside, 'data'), join(live.state, 'data'))
  writeFileSync(join(outside, 'data/file'), 'two')
  await assert.rejects(restoreBackup({...live.here, file: path}), {
    name: 'UserError',
    message: /data there is a link to/,
  })
  assert.equal(readFileSync(join(outside, 'data/file'), 'utf8'), 'two')
  assert.equal(existsSync(join(live.root, 'restore.json')), false)
})

function everything(folder: string): string[] {
  mkdirSync(join(folder, 'a/root'), {recursive: true})
  return readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort()
}
