// Encrypted backups: opened by age alone, by a key from a file only, refused by name without it, and no larger in memory.

import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {Decrypter, generateIdentity, identityToRecipient} from 'age-encryption'
import {readIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {type BackupKey, backupKey} from '../../../scripts/lib/backup/backupKey.ts'
import {findBackup} from '../../../scripts/lib/backup/findBackup.ts'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {digests, liveEnvironment, signal} from './environment.ts'
import {startChild} from './startChild.ts'

test('B12 an encrypted backup is a tar.gz inside age, and is restored with its key to the same digests', async t => {
  const {live, identity, key} = await encrypted(t, {'memory.jsonl': 'a word in the state', large: randomBytes(700_000)})
  const made = await live.backUp({key})
  assert.match(made.path, /\.tar\.gz\.age$/)
  assert.deepEqual(readdirSync(join(live.folder, 'backups/harbour/staging')), [made.path.split('/').at(-1)])
  assert.equal(made.encrypted, 'decrypted again')
  assert.equal((await readIndex(folderDocuments(live.root)))[0]?.sha256, made.sha256)
  const bytes = readFileSync(made.path)
  assert.equal(bytes.subarray(0, 21).toString(), 'age-encryption.org/v1')
  assert.ok(!bytes.includes('memory.jsonl'))

  // As the on-call engineer does it: age -d, then tar.
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = join(temporaryFolder(t), 'plain.tar.gz')
  writeFileSync(plain, await decrypter.decrypt(bytes))
  const said = execFileSync('tar', ['-tzf', plain], {encoding: 'utf8'})
  assert.match(said, /^manifest\.json\n[\s\S]*environment\/instances\/live\/state\/memory\/memory\.jsonl/)

  assert.ok('manifest' in (await verifyBackup({file: made.path, sha256: made.sha256, key, signal})))
  const root = join(temporaryFolder(t), 'other')
  await restoreBackup({...live.here, root, file: made.path, key})
  const state = 'instances/live/state/memory'
  assert.deepEqual(digests(join(root, state)), digests(join(live.root, state)))
  const folder = join(live.folder, 'backups/harbour/staging')
  for (const named of [undefined, 'latest', made.path.split('/').at(-1)?.slice(0, 8)])
    assert.equal((await findBackup({documents: folderDocuments(live.root), folder, named})).file, made.path)
  assert.equal(
    (await findBackup({documents: folderDocuments(root), folder, named: undefined})).file,
    made.path,
    'also without an index',
  )
})

const age = spawnSync('age-keygen', ['--version']).status === 0

test('B12 with a key of age-keygen, age and tar alone open it; a backup that age made again for its key is restored', {
  skip: age ? false : 'age is not on this machine',
}, async t => {
  const keyFile = join(temporaryFolder(t), 'backup.key')
  execFileSync('age-keygen', ['-o', keyFile], {stdio: 'ignore'})
  const recipient = /public key: (age1\S+)/.exec(readFileSync(keyFile, 'utf8'))?.[1] ?? ''
  const live = liveEnvironment(t, {state: {'memory.jsonl': 'a word'}})
  const fleet = {...live.fleet, encryption: {recipients: [recipient], keyFile: 'BACKUP_KEY_FILE'}}
  const key: BackupKey = {variable: 'BACKUP_KEY_FILE', path: keyFile}
  const {path} = await live.backUp({key, fleet})
  const plain = execFileSync('age', ['-d', '-i', keyFile, path])
  const words = ['-xzOf', '-', 'environment/instances/live/state/memory/memory.jsonl']
  assert.equal(execFileSync('tar', words, {input: plain, encoding: 'utf8'}), 'a word')

  const again = join(temporaryFolder(t), 'again.tar.gz.age')
  execFileSync('age', ['-r', recipient, '-o', again], {input: plain})
  const root = join(temporaryFolder(t), 'other')
  await restoreBackup({...live.here, root, file: again, key})
  assert.equal(readFileSync(join(root, 'instances/live/state/memory/memory.jsonl'), 'utf8'), 'a word')
})

test('B12 a machine that only makes backups needs no key, and cannot read what it made', async t => {
  const {live, key} = await encrypted(t, {})
  const made = await live.backUp()
  assert.equal(made.encrypted, 'key not here')
  const before = digests(live.root)
  await assert.rejects(verifyBackup({file: made.path, signal}), {
    name: 'UserError',
    message: /is encrypted, and no key is here to open it/,
    remedy: /BACKUP_KEY_FILE names the file/,
  })
  await assert.rejects(restoreBackup({...live.here, file: made.path}), /no key is here to open it/)
  assert.deepEqual(digests(live.root), before)
  assert.ok('manifest' in (await verifyBackup({file: made.path, key, signal})))
})

test('B12 wrong keys, files that hold none and damage are told, and no message holds a key', async t => {
  const {live, key, identity} = await encrypted(t, {large: randomBytes(300_000)})
  const {path} = await live.backUp()
  const other = join(live.folder, 'other.key')
  const told = async (text: string, message: RegExp) => {
    writeFileSync(other, text)
    await assert.rejects(verifyBackup({file: path, key: {...key, path: other}, signal}), thrown => {
      const {message: said} = thrown as Error
      assert.match(said, message)
      assert.ok(!said.includes('AGE-SECRET-KEY-1'), said)
      return true
    })
  }
  await told(`${await generateIdentity()}\n`, /is encrypted for other keys than that in .*other\.key/)
  await told('nothing\n', /holds no line that begins with AGE-SECRET-KEY-/)
  await told(`${identity.slice(0, -3)}QQQ\n`, /a key in .*other\.key is none of age/)
  await assert.rejects(verifyBackup({file: path, key: {...key, path: `${other}.none`}, signal}), /cannot be read/)

  const bytes = readFileSync(path)
  for (const [place, what] of [
    [bytes.length - 20, 'near its end'],
    [bytes.length >> 1, 'in the middle'],
    [190, 'in its header'],
  ] as const) {
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place)
    writeFileSync(path, flipped)
    const read = await verifyBackup({file: path, key, signal}).catch(thrown => ({fault: (thrown as Error).message}))
    assert.match('fault' in read ? read.fault : 'whole', /cannot be decrypted|other keys/, what)
  }
  writeFileSync(path, bytes.subarray(0, bytes.length - 65_000))
  const short = await verifyBackup({file: path, key, signal})
  assert.match(
    'fault' in short ? short.fault : 'whole',
    /: .* cannot be decrypted: the archive is damaged or ends early/,
  )
})

test('a recipient that is none is refused before anything is kept', async t => {
  const {live} = await encrypted(t, {})
  const fleet = {...live.fleet, encryption: {recipients: [`age1${'q'.repeat(58)}`], keyFile: 'BACKUP_KEY_FILE'}}
  await assert.rejects(live.backUp({fleet}), {
    name: 'UserError',
    message: /encryption\.recipients: should be public keys/,
  })
  assert.deepEqual(readdirSync(join(live.folder, 'backups/harbour/staging')), [])
})

// More than a whole archive in memory would leave.
const memoryMegabytes = 230

test(`B12 memory does not grow with an encrypted backup: 100 MB within ${memoryMegabytes} MB`, async t => {
  const {live} = await encrypted(t, {})
  for (let part = 0; part < 10; part++) writeFileSync(join(live.state, `part-${part}`), randomBytes(10_000_000))
  const made = await startChild('backup', live.folder).ended
  assert.equal(made.code, 0, made.said)
  const {file} = await findBackup({
    documents: folderDocuments(live.root),
    folder: join(live.folder, 'backups/harbour/staging'),
    named: undefined,
  })
  writeFileSync(join(live.state, 'part-0'), 'later')
  const restored = await startChild('restore', live.folder, file).ended
  assert.equal(restored.code, 0, restored.said)
  for (const {said} of [made, restored])
    assert.ok(Number(/peak ([\d.]+)/.exec(said)?.[1] ?? assert.fail(said)) < memoryMegabytes, said)
  t.diagnostic(`${made.said} ${restored.said}`)
})

/** An environment whose backups are encrypted, and the key that opens them in a file as age-keygen writes it. */
async function encrypted(t: TestContext, state: Record<string, string | Buffer>) {
  const live = liveEnvironment(t, Object.keys(state).length === 0 ? {} : {state})
  const identity = await generateIdentity()
  const recipient = await identityToRecipient(identity)
  writeFileSync(join(live.folder, 'backup.key'), `# public key: ${recipient}\n${identity}\n`, {mode: 0o600})
  live.fleet.encryption = {recipients: [recipient], keyFile: 'BACKUP_KEY_FILE'}
  return {live, identity, key: backupKey(live.fleet, {BACKUP_KEY_FILE: 'backup.key'})}
}
