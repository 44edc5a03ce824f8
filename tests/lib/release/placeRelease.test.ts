// Proves that a release reaches an environment whole or not at all, and that every change of it is found and named.
import {strict as assert} from 'node:assert'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {type BuiltRelease, buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {placeRelease} from '../../../scripts/lib/release/placeRelease.ts'
import {readRelease} from '../../../scripts/lib/release/readRelease.ts'
import {verifyRelease} from '../../../scripts/lib/release/verifyRelease.ts'
import {folderFiles, own, temporaryFolder, testBuild} from './testFleet.ts'

const signal = new AbortController().signal

async function built(t: TestContext): Promise<BuiltRelease & {root: string}> {
  const folder = temporaryFolder(t, folderFiles)
  return {...(await buildRelease(testBuild(folder, [own]))), root: join(folder, 'root')}
}

test('C12 a placed release equals the built one, shares its files, and is placed once', async t => {
  const {path, root, release} = await built(t)
  const placed = await placeRelease({path, root, signal})
  assert.deepEqual(placed, {path: join(root, 'releases', release.digest.slice(0, 12)), done: 'made'})
  assert.deepEqual(await verifyRelease(placed.path, signal), [])
  assert.equal(statSync(join(placed.path, 'runtime/node')).ino, statSync(join(path, 'runtime/node')).ino)
  const beganAt = performance.now()
  assert.equal((await placeRelease({path, root, signal})).done, 'there')
  assert.ok(performance.now() - beganAt < 100)
})

test('C12 a placing that was cancelled or killed leaves nothing that looks like a release', async t => {
  const {path, root} = await built(t)
  const reason = new Error('cancelled by the test')
  await assert.rejects(placeRelease({path, root, signal: AbortSignal.abort(reason)}), thrown => thrown === reason)
  assert.deepEqual(readdirSync(join(root, 'releases')), [])
  // As a run leaves it that was killed; pid 2^22 + 1 is above what Linux gives.
  mkdirSync(join(root, 'releases', '.partial-4194305.1234-abcd'))
  const placed = await placeRelease({path, root, signal})
  assert.deepEqual(
    readdirSync(join(root, 'releases')).map(name => join(root, 'releases', name)),
    [placed.path],
  )
})

test('C12 every kind of change to a release is found and named', async t => {
  const {path} = await built(t)
  const faults = () => verifyRelease(path, signal)
  const at = (file: string) => join(path, file)
  // Files are hard links to the build's, so each is replaced, not written into.
  const replace = (file: string, text: string) => {
    rmSync(at(file))
    writeFileSync(at(file), text)
  }
  replace('servers/own/main.mjs', 'changed')
  assert.deepEqual(await faults(), ['servers/own/main.mjs changed'])
  replace('servers/own/main.mjs', folderFiles['servers/own/main.mjs'])
  assert.deepEqual(await faults(), [])
  chmodSync(at('servers/own/main.mjs'), 0o755)
  assert.deepEqual(await faults(), ['servers/own/main.mjs changed'])
  chmodSync(at('servers/own/main.mjs'), 0o644)
  renameSync(at('servers/own/package.json'), at('servers/own/other.json'))
  assert.deepEqual(await faults(), ['servers/own/package.json is missing', 'servers/own/other.json is extra'])
  renameSync(at('servers/own/other.json'), at('servers/own/package.json'))
  symlinkSync('main.mjs', at('servers/link'))
  writeFileSync(at('note.txt'), '')
  assert.deepEqual(await faults(), ['note.txt is extra', 'servers/link is extra'])
  rmSync(at('note.txt'))
  rmSync(at('servers/link'))
  appendFileSync(at('sbom.cdx.json'), ' ')
  rmSync(at('preload/loopback.mjs'))
  assert.deepEqual(await faults(), ['preload/loopback.mjs is missing', 'sbom.cdx.json changed'])
})

test('C12 a release whose release.json was edited is refused', async t => {
  const {path, release} = await built(t)
  writeFileSync(join(path, 'release.json'), JSON.stringify({...release, fleet: 'other'}))
  assert.throws(() => readRelease(path), {name: 'UserError', message: /content should have the digest/})
  assert.match((await verifyRelease(path, signal))[0] ?? '', /content should have the digest/)
  writeFileSync(join(path, 'release.json'), JSON.stringify({...release, schema: 99}))
  assert.throws(() => readRelease(path), {name: 'UserError', message: /schema should be 1, got 99/})
  writeFileSync(join(path, 'release.json'), '{')
  assert.throws(() => readRelease(path), {name: 'UserError', message: /is no JSON/})
  assert.throws(() => readRelease(join(path, 'none')), {name: 'UserError', message: /there should be a release/})
})
