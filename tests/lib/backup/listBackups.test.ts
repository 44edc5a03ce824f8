import assert from 'node:assert/strict'
import {copyFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {type IndexedBackup, readIndex, writeIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {backupLines} from '../../../scripts/lib/backup/backupLines.ts'
import {listBackups} from '../../../scripts/lib/backup/listBackups.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {liveEnvironment} from './environment.ts'

const day = (number: number) => new Date(`2026-11-0${number}T10:00:00.000Z`)

test('B12 each backup is listed with its reason, size, release, state, and whether it is latest', async t => {
  const live = liveEnvironment(t)
  const folder = join(live.folder, 'backups/harbour/staging')
  const list = () => listBackups({documents: folderDocuments(live.root), folder})
  assert.deepEqual(await list(), [])
  assert.deepEqual(backupLines('backups/harbour/staging', []), [
    'backups/harbour/staging: there is no backup yet',
    '→ pnpm backup makes one of what is live',
  ])
  const manual = await live.backUp({now: day(1)})
  const deploy = await live.backUp({now: day(2), reason: 'deploy'})
  const restore = await live.backUp({now: day(3), reason: 'restore'})
  const {release} = live.instance
  const common = {release, servers: ['memory'], encrypted: false, state: 'whole'}
  const of = ({path, bytes}: {path: string; bytes: number}) => ({name: path.split('/').at(-1), path, bytes})
  assert.deepEqual(await list(), [
    {...of(restore), ...common, reason: 'restore', isLatest: false},
    {...of(deploy), ...common, reason: 'deploy', isLatest: true},
    {...of(manual), ...common, reason: 'manual', isLatest: false},
  ])
  const lines = backupLines('backups/harbour/staging', await list())
  const short = release.slice(0, 12)
  assert.match(
    lines[1] ?? '',
    new RegExp(`^  ✓  20261103-100000-000-${short}\\.before-restore  before a restore  0\\.0 MB  `),
  )
  assert.match(
    lines[2] ?? '',
    new RegExp(`^  ✓  20261102-100000-000-${short} +before a deploy .* state of memory  latest$`),
  )
  assert.match(lines[3] ?? '', /by hand/)
  assert.match(lines.at(-1) ?? '', /^→ pnpm rollback --from-backup NAME/)
})

test('a file that is gone, was changed, is elsewhere, or that nobody here has read back is said so', async t => {
  const live = liveEnvironment(t)
  const folder = join(live.folder, 'backups/harbour/staging')
  const list = async () =>
    (await listBackups({documents: folderDocuments(live.root), folder})).map(({name, state, isLatest}) => [
      name,
      state,
      isLatest,
    ])
  const names: string[] = []
  for (const number of [1, 2, 3, 4]) names.push((await live.backUp({now: day(number)})).path.split('/').at(-1) ?? '')
  const [first = '', second = '', third = '', fourth = ''] = names
  const copied = first.replace('20261101', '20261001')
  copyFileSync(join(folder, first), join(folder, copied))
  writeFileSync(join(folder, fourth), 'cut short')
  rmSync(join(folder, third))
  await writeIndex(
    folderDocuments(live.root),
    (await readIndex(folderDocuments(live.root))).map(
      one => ({...one, ...(one.path.endsWith(second) ? {host: 'another host'} : {})}) as IndexedBackup,
    ),
  )
  assert.deepEqual(await list(), [
    [fourth, 'damaged', false],
    [third, 'gone', false],
    [second, 'elsewhere', false],
    [first, 'whole', true],
    [copied, 'unread', false],
  ])
  const lines = backupLines(folder, await listBackups({documents: folderDocuments(live.root), folder})).join('\n')
  for (const said of ['another size', 'file is gone', 'on another host', 'latest', 'not read back here'])
    assert.match(lines, new RegExp(said))
  await writeIndex(folderDocuments(live.root), [])
  assert.equal(
    (await listBackups({documents: folderDocuments(live.root), folder})).find(({isLatest}) => isLatest)?.name,
    fourth,
  )
})
