// Proves with a registry that serves other bytes than were locked that no lock lets them into a release, and whose scripts run.
import {strict as assert} from 'node:assert'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {lockFleet} from '../../../scripts/lib/release/lockFleet.ts'
import {startRegistry, type TestPackage, type TestRegistry} from './registry.ts'
import {temporaryFolder, testBuild, testServer, writeFiles} from './testFleet.ts'

const packages: TestPackage[] = [
  {name: 'shell', version: '1.0.0', bin: {shell: 'main.mjs'}, dependencies: {addon: '^1.0.0'}, files: {'main.mjs': ''}},
  {
    name: 'addon',
    version: '1.0.0',
    // A registry marks what has one; npm believes it.
    hasInstallScript: true,
    scripts: {install: 'node make.mjs'},
    files: {'make.mjs': 'import {writeFileSync} from "node:fs"\nwriteFileSync("made", process.env.HIDDEN ?? "made")\n'},
  },
]

interface Locked {
  build: Parameters<typeof buildRelease>[0]
  registry: TestRegistry
  lockFile: string
  locked: Awaited<ReturnType<typeof lockFleet>>
}

async function lockedShell(test: TestContext, scripts?: string[]): Promise<Locked> {
  const registry = await startRegistry(packages)
  test.after(() => registry[Symbol.asyncDispose]())
  const folder = temporaryFolder(test)
  const server = testServer('shell', {
    source: {npm: 'shell@1.0.0', scripts},
    command: ['shell'],
    secrets: {HIDDEN: {}},
  })
  const build = {...testBuild(folder, [server]), environment: {...registry.environment, HIDDEN: 'a secret'}}
  const locked = await lockFleet({fleet: build.fleet, signal: build.signal, environment: registry.environment})
  return {build, registry, lockFile: join(folder, 'locks', 'shell@1.0.0', 'package-lock.json'), locked}
}

const installed = (path: string, file: string) => join(path, 'servers', 'shell', 'node_modules', 'addon', file)

test('C11 a lock entry that pins nothing lets no changed package into a release', async t => {
  const {build, registry, lockFile} = await lockedShell(t)
  registry.change('addon')
  const text = readFileSync(lockFile, 'utf8')
  const [pinned = ''] = /"integrity": "sha512-[^"]+"(?=[^{}]*"hasInstallScript")/.exec(text) ?? []
  assert.notEqual(pinned, '')
  const forms = ['"integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="', '"integrity": ""', '"inBundle": true']
  for (const form of forms) {
    writeFiles('/', {[lockFile]: text.replace(pinned, form)})
    await assert.rejects(buildRelease(build), {name: 'UserError', message: /should pin node_modules\/addon by/}, form)
  }
  // What the lock says of bundling is not believed either: the carrier itself must say so.
  const carried = JSON.parse(text)
  carried.packages['node_modules/shell'].bundleDependencies = ['addon']
  carried.packages['node_modules/shell/node_modules/addon'] = {version: '1.0.0', inBundle: true}
  delete carried.packages['node_modules/addon']
  writeFiles('/', {[lockFile]: JSON.stringify(carried)})
  await assert.rejects(buildRelease(build), {
    name: 'UserError',
    message: /is not what locks\/shell@1.0.0 pins: it should hold node_modules\/shell\/node_modules\/addon/,
  })
  assert.ok(!existsSync(join(build.buildRoot, 'releases')))
})

test('C11 an install script is named when its package is locked, and does not run', async t => {
  const {build, locked} = await lockedShell(t)
  assert.deepEqual(locked.scripts, {'shell@1.0.0': [{name: 'addon', version: '1.0.0', allowed: false}]})
  const {release, path} = await buildRelease(build)
  assert.ok(!existsSync(installed(path, 'made')))
  assert.equal(release.servers.shell?.scripts, undefined)
})

test('C11 an install script that the fleet file allows runs without secrets and is recorded in the release', async t => {
  const {build, locked} = await lockedShell(t, ['addon'])
  assert.deepEqual(locked.scripts, {'shell@1.0.0': [{name: 'addon', version: '1.0.0', allowed: true}]})
  const {release, path} = await buildRelease(build)
  assert.equal(readFileSync(installed(path, 'made'), 'utf8'), 'made')
  assert.deepEqual(release.servers.shell?.scripts, ['addon@1.0.0'])
  const bill = JSON.parse(readFileSync(join(path, 'sbom.cdx.json'), 'utf8'))
  assert.ok(JSON.stringify(bill).includes('{"name":"seaworthy:install-script-run","value":"addon@1.0.0"}'))
})

test('C11 a script that no package of the tree has is refused by name', async t => {
  const {build} = await lockedShell(t, ['adon'])
  await assert.rejects(buildRelease(build), {
    name: 'UserError',
    message:
      'servers.shell.source.npm: scripts: adon has no install script in the tree of shell@1.0.0; those that have one: addon',
  })
})
