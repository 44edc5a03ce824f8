// What an environment and its runs write is for its own user, whatever umask the caller has.
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {belongsToAnother, closeToOthers, othersCanWrite} from '../../../scripts/lib/files/ownerOnly.ts'
import {openJournal} from '../../../scripts/lib/journal/journal.ts'
import {checkRoot} from '../../../scripts/lib/preflight/preflight.ts'
import {makeArtifact} from '../../../scripts/lib/release/artifact.ts'
import {folderArtifact} from '../../../scripts/lib/release/folderArtifact.ts'
import {makeRig} from '../../rig.ts'
import {eventually, prepared} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o7777

/** Every path below those folders, and they themselves, that somebody else may read, write or enter. */
function openBelow(...folders: string[]): string[] {
  const paths = folders.flatMap(folder => [
    folder,
    ...readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(name => join(folder, name)),
  ])
  assert.ok(paths.length > folders.length, 'nothing was written')
  return paths.flatMap(path => ((modeOf(path) & 0o077) === 0 ? [] : `${path} ${modeOf(path).toString(8)}`))
}

/** Runs a program of the rig as a shell with that umask would. */
function under(umask: string, program: string, rig: Awaited<ReturnType<typeof makeRig>>) {
  const words = [join(rig.project, program), '--env', 'staging', '--fleet', rig.fleetPath]
  return spawnSync('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, ...words], {
    cwd: rig.folder,
    env: rig.environment(),
    encoding: 'utf8',
  })
}

for (const umask of ['000', '022'])
  test(`root, journal and what lies in them are private under umask ${umask}`, async t => {
    const rig = await makeRig(t)
    const {status, stdout, stderr} = under(umask, 'scripts/10-preflight.ts', rig)
    assert.equal(status, 0, `${stdout}${stderr}`)
    assert.deepEqual(openBelow(rig.root, join(rig.folder, '.runs')), [])
  })

for (const [what, module, begin] of [
  ['a step', 'step/journaledStep.ts', "journaledStep({name: 'x'}, write)"],
  ['a program that only looks', 'cli/program.ts', 'program(write)'],
])
  test(`whatever ${what} writes without saying a mode is private, under any umask`, t => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'written')
    const url = new URL(`../../../scripts/lib/${module}`, import.meta.url).href
    const code = `import {writeFileSync} from 'node:fs'
      const write = async () => writeFileSync(${JSON.stringify(file)}, '')
      const {journaledStep, program} = await import(${JSON.stringify(url)})
      await ${begin}`
    writeFileSync(join(folder, 'program.mjs'), code)
    const words = [join(folder, 'program.mjs'), '--env', 'staging', '--fleet', join(folder, 'fleet.yaml')]
    const script = ['-c', 'umask 000; exec "$@"', 'sh', process.execPath, ...words]
    const {stdout, stderr} = spawnSync('sh', script, {encoding: 'utf8'})
    assert.equal(modeOf(file), 0o600, stdout + stderr)
  })

test('a root and runs of an earlier version are closed to others by the next change', async t => {
  const rig = await makeRig(t)
  const runs = join(rig.folder, '.runs')
  for (const folder of [rig.root, runs]) {
    mkdirSync(folder, {recursive: true})
    chmodSync(folder, 0o755)
  }
  await rig.good('10-preflight')
  assert.deepEqual([modeOf(rig.root), modeOf(runs)], [0o700, 0o700])
})

test('preflight refuses a root that others can write, by the command that closes it, and leaves it as it is', async t => {
  const rig = await makeRig(t)
  mkdirSync(rig.root, {recursive: true})
  chmodSync(rig.root, 0o777)
  const {code, stdout} = await rig.step('10-preflight')
  assert.equal(code, 2, stdout)
  assert.match(stdout, new RegExp(`! preflight/root: other users can write to ${rig.root}, so they can change`))
  assert.match(stdout, new RegExp(`chmod go-w '${rig.root}'`))
  assert.equal(modeOf(rig.root), 0o777)
  execFileSync('chmod', ['go-w', rig.root])
  await rig.good('10-preflight')
  assert.equal(modeOf(rig.root), 0o700)
})

test('a folder above the root that others can write is named; one with the sticky bit is not, nor one that is absent', t => {
  const folder = temporaryFolder(t)
  const [parent, root] = [join(folder, 'parent'), join(folder, 'parent', 'deep', 'root')]
  mkdirSync(parent)
  assert.equal(checkRoot(root).verdict, 'pass')
  chmodSync(parent, 0o777)
  const {verdict, remedy} = checkRoot(root)
  assert.deepEqual(
    [verdict, remedy],
    ['error', `see that nobody changed what is in there, then: chmod go-w '${parent}'`],
  )
  chmodSync(parent, 0o1777)
  assert.equal(checkRoot(root).verdict, 'pass')
})

test('a folder that others can write is named also where a link on the way to the root leads through it', t => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'open', 'real'), {recursive: true})
  chmodSync(join(folder, 'open'), 0o777)
  symlinkSync(join(folder, 'open', 'real'), join(folder, 'link'))
  const {verdict, remedy} = checkRoot(join(folder, 'link', 'root'))
  assert.deepEqual(
    [verdict, remedy],
    ['error', `see that nobody changed what is in there, then: chmod go-w '${join(folder, 'open')}'`],
  )
})

test('a group counts as others, except the one with the number of its user', {skip: process.getuid?.() !== 0}, t => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o770)
  assert.equal(othersCanWrite(folder), false)
  execFileSync('chown', ['0:65534', folder])
  assert.equal(othersCanWrite(folder), true)
})

test('B8 a folder belongs to another user unless its owner is root or us; root trusts every owner', t => {
  const ours = temporaryFolder(t)
  const {uid} = statSync(ours)
  assert.deepEqual(
    [belongsToAnother('/', 12_345), belongsToAnother(ours), belongsToAnother(ours, 0)],
    [false, false, false],
  )
  if (uid !== 0) return t.skip('only root can give a folder away')
  chownSync(ours, 12_345, 12_345)
  assert.deepEqual([belongsToAnother(ours, 12_346), belongsToAnother(ours, 12_345)], [true, false])
})

test("another user's folder is not closed", {skip: process.getuid?.() !== 0}, t => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o755)
  execFileSync('chown', ['65534:65534', folder])
  closeToOthers(folder)
  assert.equal(modeOf(folder), 0o755)
})

test('a journal that is kept elsewhere closes no folder above its own', t => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o755)
  openJournal(join(folder, 'run', 'journal.jsonl'), value => value)
  assert.equal(modeOf(folder), 0o755)
})

test("a server's log and what finds it are private, and the server has the usual umask", async t => {
  const before = process.umask(0)
  t.after(() => process.umask(before))
  const {start, folder, log} = prepared(t, ['sh', '-c', 'umask; exec sleep 60'])
  await start()
  await eventually(() => readdirSync(folder).includes('child') && log() !== '', 'the program to write')
  assert.equal(log(), '0022\n')
  for (const name of ['log', 'child', 'supervisor', 'restarts']) assert.equal(modeOf(join(folder, name)), 0o600, name)
})

test('a built tree has the same digest under any umask', async t => {
  const before = process.umask()
  t.after(() => process.umask(before))
  const folder = temporaryFolder(t, {'src/run.sh': '#!/bin/sh\n', 'src/deep/data.txt': 'data'})
  chmodSync(join(folder, 'src', 'run.sh'), 0o755)
  const source = {folder: 'src'}
  const options = {
    server: 'one',
    source,
    fleetFolder: folder,
    machine: 'this',
    environment: {},
    run: () => assert.fail('nothing is built'),
  }
  const {signal} = new AbortController()
  const digests = new Set<string>()
  for (const umask of [0o000, 0o022, 0o077]) {
    process.umask(umask)
    const artifacts = join(folder, `built-${umask}`)
    const {artifact} = await makeArtifact(artifacts, await folderArtifact(options, signal), signal)
    digests.add(artifact.digest)
  }
  assert.equal(digests.size, 1)
})
