// Proves that a release is built whole, alike everywhere, once, and only from what its locks pin.
import {strict as assert} from 'node:assert'
import {execFileSync} from 'node:child_process'
import {once} from 'node:events'
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {after, before, test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {fillArgv} from '../../../scripts/lib/release/argv.ts'
import {type BuildRelease, buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {lockFleet} from '../../../scripts/lib/release/lockFleet.ts'
import {readRelease} from '../../../scripts/lib/release/readRelease.ts'
import {verifyRelease} from '../../../scripts/lib/release/verifyRelease.ts'
import {startRegistry, type TestRegistry} from './registry.ts'
import {echo, folderFiles, own, temporaryFolder, testBuild, testPackages, testServer, writeFiles} from './testFleet.ts'

const registries: TestRegistry[] = []
let registry: TestRegistry
let locks: string
before(async () => {
  registry = await startRegistry(testPackages)
  registries.push(registry)
  locks = mkdtempSync(join(tmpdir(), 'locked-'))
  const {signal} = new AbortController()
  await lockFleet({fleet: {folder: locks, servers: [echo]}, environment: registry.environment, signal})
})
after(async () => {
  for (const one of registries) await one[Symbol.asyncDispose]()
  rmSync(locks, {recursive: true, force: true})
})

// Every registry serves packages with the same content, and the tarballs of one are those of another.
function lockedBuild(folder: string, servers = [echo, own], from = registry): BuildRelease {
  writeFiles(folder, folderFiles)
  cpSync(locks, folder, {recursive: true})
  return {...testBuild(folder, servers), environment: from.environment}
}

function artifactsOf(build: BuildRelease): string[] {
  const folder = join(build.buildRoot, 'artifacts')
  return existsSync(folder) ? readdirSync(folder) : []
}

test('C12 a release holds packages, bridge, folder, runtime and programs, and its servers start from it', async t => {
  const build = lockedBuild(temporaryFolder(t))
  const {release, path, built, reused} = await buildRelease(build)
  assert.deepEqual([built.toSorted(), reused], [['@test+echo@1.0.0', 'bridge@2.0.0', 'own'], []])
  assert.deepEqual(await verifyRelease(path, build.signal), [])
  assert.deepEqual(readRelease(path), release)
  assert.equal(release.servers.own?.version, '0.3.0')
  const place = {release: path, server: 'echo', host: '127.0.0.1', port: 4321, state: '/state of it'}
  const started = (server: string) => {
    const [file = '', ...words] = fillArgv(release.servers[server]?.argv ?? [], {...place, server})
    return execFileSync(file, words, {cwd: '/', env: {}, encoding: 'utf8'})
  }
  assert.equal(started('echo'), 'bridge 4321\n["/state of it","hello"]\n')
  assert.equal(started('own'), 'own\n')
  assert.equal(execFileSync(process.execPath, [join(path, 'ingress.mjs')], {encoding: 'utf8'}), 'ingress\n')
})

test('C12 the same inputs give the same digest in another folder, and one changed file gives another', async t => {
  const build = lockedBuild(temporaryFolder(t))
  const other = lockedBuild(temporaryFolder(t))
  const [first, second] = [await buildRelease(build), await buildRelease(other)]
  assert.equal(second.release.digest, first.release.digest)
  for (const file of ['release.json', 'sbom.cdx.json', 'ingress.mjs', 'preload/loopback.mjs']) {
    assert.equal(readFileSync(join(second.path, file), 'utf8'), readFileSync(join(first.path, file), 'utf8'), file)
  }
  writeFiles(other.fleet.folder, {'servers/own/main.mjs': 'console.log("other")\n'})
  assert.notEqual((await buildRelease(other)).release.digest, first.release.digest)
})

test('C12 what did not change is not built again', async t => {
  const build = lockedBuild(temporaryFolder(t))
  const first = await buildRelease(build)
  const refuse: BuildRelease['run'] = () => Promise.reject(new Error('nothing should be started'))
  const again = await buildRelease({...build, run: refuse})
  assert.deepEqual([again.built, again.path], [[], first.path])
  writeFiles(build.fleet.folder, {'servers/own/more.mjs': ''})
  const changed = await buildRelease({...build, run: refuse})
  assert.deepEqual([changed.built, changed.reused.length], [['own'], 2])
})

test('C11 a changed tarball is refused by name, and nothing half-made stays', async t => {
  const spoiled = await startRegistry(testPackages)
  registries.push(spoiled)
  const build = lockedBuild(temporaryFolder(t), [echo], spoiled)
  spoiled.change('words')
  await assert.rejects(buildRelease(build), (thrown: UserError) => {
    assert.ok(thrown instanceof UserError)
    assert.match(
      thrown.message,
      /^servers\.echo\.source\.npm: @test\/echo@1\.0\.0: words@1\.0\.0 is not what was locked/,
    )
    assert.match(thrown.message, /should have sha512-\S{86}==, the registry gave sha512-\S{86}==$/)
    return true
  })
  assert.deepEqual(
    artifactsOf(build).filter(name => !name.startsWith('bridge')),
    [],
  )
  assert.ok(!existsSync(join(build.buildRoot, 'releases')))
})

test('C11 missing and unfit locks are all told at once, with the next command', async t => {
  const build = lockedBuild(temporaryFolder(t))
  rmSync(join(build.fleet.folder, 'locks', 'bridge@2.0.0', 'package-lock.json'))
  const lock = join(build.fleet.folder, 'locks', '@test+echo@1.0.0', 'package-lock.json')
  writeFiles('/', {[lock]: readFileSync(lock, 'utf8').replaceAll('"@test/echo": "1.0.0"', '"@test/echo": "0.9.0"')})
  await assert.rejects(buildRelease(build), {
    name: 'UserError',
    message: [
      'servers.echo.source.npm: locks/@test+echo@1.0.0/package-lock.json should lock @test/echo@1.0.0, it locks @test/echo@0.9.0',
      'servers.echo.bridge.npm: bridge@2.0.0 is not locked yet',
    ].join('\n'),
    remedy: 'pnpm fleet:lock',
  })
})

test('C12 a cancelled build ends its children and leaves nothing', async t => {
  const slow = await startRegistry(testPackages)
  registries.push(slow)
  const build = lockedBuild(temporaryFolder(t), [echo], slow)
  const asked = slow.hold('words')
  const control = new AbortController()
  const building = buildRelease({...build, signal: control.signal})
  const response = await asked
  const closed = once(response, 'close')
  const reason = new Error('cancelled by the test')
  control.abort(reason)
  await assert.rejects(building, thrown => thrown === reason)
  // The connection of the npm that was ended closes; an npm that lived on would keep it.
  await closed
  assert.deepEqual(
    artifactsOf(build).filter(name => !name.startsWith('bridge')),
    [],
  )
})

test('C12 a build command fills the folder named by OUTPUT, without the secrets of the fleet', async t => {
  const program =
    'import {writeFileSync} from "node:fs"\nwriteFileSync(process.env.OUTPUT + "/built.mjs", process.env.OPEN + " " + process.env.KEY)\n'
  const folder = temporaryFolder(t, {'source/build.mjs': program})
  const made = {
    source: {folder: 'source', build: ['node', 'build.mjs']},
    command: ['node', 'built.mjs', '--now'],
    secrets: {KEY: {}},
  }
  const build = testBuild(folder, [testServer('made', made)])
  const {release, path} = await buildRelease({...build, environment: {OPEN: 'seen', KEY: 'hidden'}})
  assert.deepEqual(release.servers.made?.argv, ['{runtime}', '{server}/built.mjs', '--now'])
  assert.deepEqual(release.secretNames, ['KEY'])
  assert.equal(readFileSync(join(path, 'servers/made/built.mjs'), 'utf8'), 'seen undefined')
})

test('C12 a folder is built again when its command or the lock above it changes, and not for a hidden file', async t => {
  const program = 'import {writeFileSync} from "node:fs"\nwriteFileSync(process.env.OUTPUT + "/main.mjs", "")\n'
  const folder = temporaryFolder(t, {'source/build.mjs': program, 'pnpm-lock.yaml': 'one'})
  const built = async (...build: string[]) => {
    const declared = {source: {folder: 'source', build: ['node', 'build.mjs', ...build]}, command: ['main.mjs']}
    return (await buildRelease(testBuild(folder, [testServer('made', declared)]))).built
  }
  assert.deepEqual([await built(), await built()], [['made'], []])
  assert.deepEqual([await built('--other'), await built()], [['made'], []])
  writeFiles(folder, {'source/.env': 'KEY=1'})
  assert.deepEqual(await built(), [])
  writeFiles(folder, {'pnpm-lock.yaml': 'two'})
  assert.deepEqual(await built(), ['made'])
})

test('C12 a build command that fails, or writes nothing, is told with its last lines', async t => {
  const folder = temporaryFolder(t, {
    'source/fail.mjs': 'console.log("why it failed"); process.exit(3)',
    'source/idle.mjs': '',
  })
  const build = (file: string) => {
    const declared = {source: {folder: 'source', build: ['node', file]}, command: ['main.mjs']}
    return buildRelease(testBuild(folder, [testServer('made', declared)]))
  }
  await assert.rejects(build('fail.mjs'), {
    name: 'UserError',
    message: 'servers.made.source.build: node fail.mjs ended with exit code 3\nwhy it failed',
  })
  await assert.rejects(build('idle.mjs'), {name: 'UserError', message: /OUTPUT, it wrote nothing there$/})
  assert.deepEqual(readdirSync(join(folder, '.build', 'artifacts')), [])
})

test('C12 a copied folder leaves out what is installed and hidden, and refuses links that lead out of it', async t => {
  const folder = temporaryFolder(t, {
    ...folderFiles,
    'servers/own/.env': 'KEY=1',
    'servers/own/node_modules/a/index.js': '',
  })
  const {path} = await buildRelease(testBuild(folder, [own]))
  assert.deepEqual(readdirSync(join(path, 'servers/own')).toSorted(), ['main.mjs', 'package.json'])
  execFileSync('ln', ['-s', '../../secret', join(folder, 'servers/own/out')])
  await assert.rejects(buildRelease(testBuild(folder, [own])), {
    name: 'UserError',
    message: 'servers.own.source.folder: out should be a file or a link within the folder, it links to ../../secret',
  })
  // Each text stays in the folder; together they lead above it.
  execFileSync('rm', [join(folder, 'servers/own/out')])
  execFileSync('mkdir', ['-p', join(folder, 'servers/own/a/b/c')])
  execFileSync('ln', ['-s', '../../..', join(folder, 'servers/own/a/b/c/up')])
  execFileSync('ln', ['-s', 'a/b/c/up/../../secret', join(folder, 'servers/own/out')])
  await assert.rejects(buildRelease(testBuild(folder, [own])), {
    name: 'UserError',
    message: /out should be .*, it links to a\/b\/c\/up\/\.\.\/\.\.\/secret, which leads to \.\.\/\.\.\/secret$/,
  })
})
