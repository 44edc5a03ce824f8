// Backing up and reading back by the programs that people and pipelines start.

import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {readIndex} from '../../scripts/lib/backup/backupIndex.ts'
import {entriesOf, fact} from '../../scripts/lib/journal/facts.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {journalPath, listRuns} from '../../scripts/lib/journal/runFolder.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {type LiveEnvironment, liveEnvironment, write} from '../lib/backup/environment.ts'
import {evilFile, inFolders, redigested, stateInArchive, writeForged} from '../lib/backup/forged.ts'

const project = join(import.meta.dirname, '..', '..')

function run(live: LiveEnvironment, program: string, words: readonly string[] = []) {
  const common = ['--env', 'staging', '--fleet', join(live.folder, 'fleet.yaml')]
  const child = spawn(process.execPath, [join(project, 'scripts', `${program}.ts`), ...common, ...words], {
    env: {PATH: process.env.PATH, HOME: live.folder},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', part => (said += part))
  child.stderr.on('data', part => (said += part))
  const ended = new Promise<{code: number | null; said: string}>(resolve =>
    child.on('close', code => resolve({code, said})),
  )
  return {child, ended}
}

const journalOf = ({folder}: LiveEnvironment) => readJournal(journalPath(folder, listRuns(folder)[0] ?? ''))
const backupsOf = ({folder}: LiveEnvironment) => readdirSync(join(folder, 'backups/harbour/staging'))

test('B12 with nothing live there is nothing to lose: said, and passed', async t => {
  const live = liveEnvironment(t)
  rmSync(live.root, {recursive: true})
  const {code, said} = await run(live, '50-backup').ended
  assert.equal(code, 0, said)
  assert.match(said, /nothing is live in staging, so there is nothing to lose/)
  assert.deepEqual(fact(journalOf(live), 'backup'), {made: false, reason: 'nothing is live'})
  assert.deepEqual(entriesOf(journalOf(live), 'backup'), [])
  assert.equal(existsSync(join(live.folder, 'backups')), false)
  const verified = await run(live, '06-backup-verify').ended
  assert.equal(verified.code, 2, verified.said)
  assert.match(verified.said, /there is no backup yet\n→ pnpm backup/)
})

test('B12 pnpm backup makes one, journals it, removes those that are too old; pnpm backup:verify reads it back', async t => {
  const live = liveEnvironment(t)
  const old = await live.backUp({now: new Date('2020-01-01T00:00:00.000Z')})
  const {code, said} = await run(live, '50-backup').ended
  assert.equal(code, 0, said)
  assert.match(
    said,
    /backups\/harbour\/staging\/\d{8}-\d{6}-\d{3}-[0-9a-f]{12}\.tar\.gz: \d+ files, .* read back and whole/,
  )
  assert.match(said, /1 older backups were removed/)
  assert.equal(existsSync(old.path), false)
  assert.equal(existsSync(join(live.root, 'lock.json')), false)
  const [indexed, ...more] = await readIndex(folderDocuments(live.root))
  assert.deepEqual(more, [])
  const entries = entriesOf(journalOf(live), 'backup')
  assert.deepEqual(
    entries.map(({event, sha256}) => [event, sha256]),
    [
      ['made', indexed?.sha256],
      ['verified', indexed?.sha256],
    ],
  )
  assert.equal(join(live.folder, entries[0]?.path ?? ''), indexed?.path)

  assert.equal(indexed?.reason, 'manual')
  const listed = await run(live, '11-backups').ended
  assert.equal(listed.code, 0, listed.said)
  assert.match(listed.said, /✓ {2}\d{8}-\d{6}-\d{3}-[0-9a-f]{12} {2}by hand .* state of memory {2}latest\n/)
  assert.match(listed.said, /→ pnpm rollback --fleet \S+ --from-backup NAME/)
  const asJson = await run(live, '11-backups', ['--json']).ended
  assert.equal(JSON.parse(asJson.said).backups[0].isLatest, true)

  const path = indexed?.path ?? ''
  for (const words of [[], [path]]) {
    const verified = await run(live, '06-backup-verify', words).ended
    assert.equal(verified.code, 0, verified.said)
    assert.match(verified.said, /every digest is right/)
    assert.match(verified.said, /a restore builds the release again: node v\d+\.\d+\.\d+ for \w+-\w+, 2 artifacts/)
  }
  const json = await run(live, '06-backup-verify', ['--json']).ended
  assert.equal(JSON.parse(json.said).whole, true)

  const archive = readFileSync(path)
  archive.writeUInt8(archive.readUInt8(archive.length - 30) ^ 1, archive.length - 30)
  writeFileSync(path, archive)
  const bad = await run(live, '06-backup-verify').ended
  assert.equal(bad.code, 1, bad.said)
  assert.match(bad.said, /✗ .*\.tar\.gz: /)
  const none = await run(live, '06-backup-verify', [`${path}.none`]).ended
  assert.equal(none.code, 2, none.said)
  assert.match(none.said, /there should be a backup, there is none\n→/)
})

test('the value of a secret from the env file is in no archive and no journal; in state it is told', async t => {
  const secret = 'correct-horse-battery'
  const live = liveEnvironment(t)
  write(live.folder, {'.env.staging': `API_KEY=${secret}\n`})
  const {code, said} = await run(live, '50-backup', ['--with-code']).ended
  assert.equal(code, 0, said)
  assert.deepEqual(fact<{findings: string[]}>(journalOf(live), 'backup')?.findings, [])
  write(live.state, {'memory.jsonl': `said ${Buffer.from(secret).toString('base64')}`})
  const told = await run(live, '50-backup').ended
  assert.equal(told.code, 0, told.said)
  assert.match(told.said, /! .*memory\.jsonl is state and holds the value of API_KEY: so does the backup/)
  assert.equal(told.said.includes(secret), false)

  writeFileSync(join(live.root, 'releases', live.instance.release.slice(0, 12), 'servers/memory/.env'), secret)
  const refused = await run(live, '50-backup', ['--with-code']).ended
  assert.equal(refused.code, 2, refused.said)
  assert.match(refused.said, /servers\/memory\/\.env holds the value of API_KEY/)
  assert.equal(readFileSync(journalPath(live.folder, listRuns(live.folder)[0] ?? ''), 'utf8').includes(secret), false)
})

test('Ctrl-C while a backup is made: exit 130, nothing half-made, the lock is free', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(60_000_000)}})
  const {child, ended} = run(live, '50-backup')
  const deadlineAt = performance.now() + 20_000
  while (!existsSync(join(live.folder, 'backups/harbour/staging')) && performance.now() < deadlineAt)
    await new Promise(resolve => setTimeout(resolve, 5))
  child.kill('SIGINT')
  const {code, said} = await ended
  assert.equal(code, 130, said)
  assert.deepEqual(backupsOf(live), [])
  assert.equal(existsSync(join(live.root, 'lock.json')), false)
})

test('B12 a forged backup: pnpm backup:verify ends with 1, pnpm rollback with 2, and a sibling environment stays', async t => {
  const live = liveEnvironment(t)
  const {manifest} = await live.backUp()
  write(live.folder, {'production/live.json': 'precious'})
  const state = {memory: {paths: ['memory.jsonl', '../../../../../production'], absent: []}}
  const entries = inFolders([evilFile(`${stateInArchive}/memory.jsonl`)])
  const evil = join(live.folder, 'evil.tar.gz')
  writeForged(evil, redigested(manifest, {state, entries}))
  for (const [program, words, code] of [
    ['06-backup-verify', [evil], 1],
    ['90-rollback', ['--from-backup', evil], 2],
  ] as const) {
    const ended = await run(live, program, words).ended
    assert.equal(ended.code, code, ended.said)
    assert.match(ended.said, /evil\.tar\.gz: manifest\.json .*state\.memory\.paths\.1 should be .*, got "\.\.\//)
    assert.match(ended.said, /→ use another backup: pnpm backups --fleet/)
    assert.doesNotMatch(ended.said, /^\s+at /m)
  }
  assert.equal(readFileSync(join(live.folder, 'production/live.json'), 'utf8'), 'precious')
})
