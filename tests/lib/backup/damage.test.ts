import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {stageRestore} from '../../../scripts/lib/backup/stageRestore.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {digests, liveEnvironment, signal} from './environment.ts'

const below = 'environment/instances/live/state/memory'

async function faultOf(file: string, sha256?: string): Promise<string> {
  const read = await verifyBackup({file, sha256, signal})
  return 'fault' in read ? read.fault : 'whole'
}

/** Where in the archive random bytes of a file lie. What cannot be compressed is stored as it is, but for its edges. */
function placeOf(archive: Buffer, content: Buffer): number {
  const step = 500
  for (let begin = Math.floor(content.length / 2); begin < content.length; begin += step) {
    const place = archive.indexOf(content.subarray(begin, begin + 40))
    if (place > 0) return place
  }
  return assert.fail('the random bytes are not in the archive')
}

test('C12 a truncated backup is refused with the first file that is not whole', async t => {
  const large = randomBytes(2_500_000)
  const live = liveEnvironment(t, {state: {'1-first': randomBytes(5000), '2-large': large, '3-last': 'last'}})
  const {path} = await live.backUp()
  const archive = readFileSync(path)
  truncateSync(path, placeOf(archive, large) + 200_000)
  assert.match(await faultOf(path), new RegExp(`${below}/2-large is not whole: the archive ends early`))
  truncateSync(path, placeOf(archive, large))
  assert.match(await faultOf(path), new RegExp(`${below}/2-large is not whole`))
  truncateSync(path, 60)
  assert.match(await faultOf(path), /manifest\.json is not whole/)
  truncateSync(path, 0)
  assert.match(await faultOf(path), /manifest\.json is/)
  writeFileSync(path, 'no archive at all')
  assert.match(await faultOf(path), /manifest\.json cannot be read/)
  await assert.rejects(verifyBackup({file: `${path}.none`, signal}), {
    name: 'UserError',
    message: /there should be a backup, there is none/,
  })
  await assert.rejects(verifyBackup({file: dirname(path), signal}), {
    name: 'UserError',
    message: /cannot be read: EISDIR/,
  })
})

test('C12 one flipped bit anywhere in the contents is found, and the file is named', async t => {
  const contents = [0, 1, 2, 3].map(() => randomBytes(40_000))
  const names = contents.map((_, index) => `file-${index}`)
  const live = liveEnvironment(t, {
    state: Object.fromEntries(names.map((name, index) => [name, contents[index] ?? ''])),
  })
  const {path, sha256} = await live.backUp()
  const archive = readFileSync(path)
  assert.equal(await faultOf(path, sha256), 'whole')
  for (const [index, content] of contents.entries()) {
    const flipped = Buffer.from(archive)
    const place = placeOf(archive, content)
    flipped.writeUInt8(archive.readUInt8(place) ^ 4, place)
    writeFileSync(path, flipped)
    assert.match(await faultOf(path), new RegExp(`${below}/file-${index} has other contents`))
  }
  // The time in the head of the compression, which no reader looks at.
  const unseen = Buffer.from(archive)
  unseen.writeUInt8(archive.readUInt8(5) ^ 1, 5)
  writeFileSync(path, unseen)
  assert.equal(await faultOf(path), 'whole')
  assert.match(await faultOf(path, sha256), /the archive is not the one that was made here/)
  // Anywhere else: wherever it is, the archive as a whole is another one.
  for (let tried = 0; tried < 60; tried++) {
    const flipped = Buffer.from(archive)
    const place = Math.floor((archive.length * tried) / 60)
    flipped.writeUInt8(archive.readUInt8(place) ^ (1 << (tried % 8)), place)
    writeFileSync(path, flipped)
    assert.notEqual(await faultOf(path, sha256), 'whole', `byte ${place}`)
  }
})

test('C12 compressible contents with a flipped bit are refused, and no file before the named one is wrong', async t => {
  const lines = (name: string) => Array.from({length: 4000}, (_, line) => `${name} line ${line}\n`).join('')
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const live = liveEnvironment(t, {state: Object.fromEntries(names.map(name => [name, lines(name)]))})
  const {path} = await live.backUp()
  const archive = readFileSync(path)
  const flipped = Buffer.from(archive)
  const place = Math.floor(archive.length * 0.7)
  flipped.writeUInt8(archive.readUInt8(place) ^ 1, place)
  writeFileSync(path, flipped)
  const fault = await faultOf(path)
  // All that tar can read before the damage is whole, so the named file is not one of those.
  const named = new RegExp(`${below}/([a-f]) `).exec(fault)?.[1] ?? assert.fail(fault)
  for (const name of names.slice(0, names.indexOf(named))) {
    const read = () =>
      execFileSync('sh', ['-c', 'tar -xzOf "$0" "$1" 2>/dev/null | cat', path, `${below}/${name}`], {encoding: 'utf8'})
    assert.equal(read(), lines(name), name)
  }
})

test('C12 a damaged backup restores nothing and leaves nothing', async t => {
  const large = randomBytes(2_500_000)
  const live = liveEnvironment(t, {state: {first: 'first', large}})
  const {path} = await live.backUp()
  const before = digests(live.root)
  const archive = readFileSync(path)
  truncateSync(path, placeOf(archive, large) + 200_000)
  await assert.rejects(stageRestore({file: path, ...live.here}), {name: 'ArchiveFault', message: /large is not whole/})
  assert.deepEqual(digests(live.root), before)

  const empty = join(temporaryFolder(t), 'root')
  await assert.rejects(stageRestore({...live.here, file: path, root: empty}), {name: 'ArchiveFault'})
  assert.deepEqual(readdirSync(empty), [])
})
