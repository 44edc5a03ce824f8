// Proves that locks pin everything, name no host, and are kept when they are good.
import {strict as assert} from 'node:assert'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {after, before, test} from 'node:test'
import {lockFleet} from '../../../scripts/lib/release/lockFleet.ts'
import {readPackageLock} from '../../../scripts/lib/release/packageLock.ts'
import {packageSpec} from '../../../scripts/lib/release/packageSpec.ts'
import {startRegistry, type TestRegistry} from './registry.ts'
import {echo, temporaryFolder, testPackages, testServer} from './testFleet.ts'

const signal = new AbortController().signal
let registry: TestRegistry
before(async () => {
  registry = await startRegistry(testPackages)
})
after(() => registry[Symbol.asyncDispose]())

test('C11 a lock has the integrity of every package and no host; a good one is kept', async t => {
  const folder = temporaryFolder(t, {'locks/old@1.0.0/package.json': '{}'})
  const options = {fleet: {folder, servers: [echo]}, signal, environment: registry.environment}
  const first = await lockFleet(options)
  assert.deepEqual(first, {
    written: ['@test+echo@1.0.0', 'bridge@2.0.0'],
    kept: [],
    unused: ['old@1.0.0'],
    scripts: {'@test+echo@1.0.0': [], 'bridge@2.0.0': []},
  })
  const text = readFileSync(join(folder, 'locks/@test+echo@1.0.0/package-lock.json'), 'utf8')
  assert.ok(!text.includes(registry.url))
  assert.equal(text.match(/"integrity": "sha512-/g)?.length, 2)
  assert.deepEqual((await lockFleet({...options, environment: {}})).written, [])
  assert.deepEqual((await lockFleet({...options, refresh: true})).kept, [])
})

test('C11 a package that does not exist is told with its place, and no lock is left', async t => {
  const cases = {'absent@1.0.0': /Not Found/, 'bridge@9.9.9': /No matching version found for bridge@9\.9\.9/}
  for (const [npm, said] of Object.entries(cases)) {
    const folder = temporaryFolder(t)
    const servers = [testServer('absent', {source: {npm}, command: ['absent']})]
    await assert.rejects(lockFleet({fleet: {folder, servers}, signal, environment: registry.environment}), thrown => {
      const {name, message, remedy} = thrown as Error & {remedy: string}
      assert.equal(name, 'UserError')
      assert.ok(message.startsWith(`servers.absent.source.npm: ${npm}: the registry should have this package`), message)
      assert.match(message, said)
      assert.match(remedy, /^write a name and version that exist/)
      return true
    })
    assert.ok(!existsSync(join(folder, 'locks')))
  }
})

test('C11 a registry that does not answer is told as that', async t => {
  const folder = temporaryFolder(t)
  // Port 9 on loopback has no server: connections are refused at once.
  const environment = {...registry.environment, npm_config_registry: 'http://127.0.0.1:9'}
  await assert.rejects(lockFleet({fleet: {folder, servers: [echo]}, signal, environment}), {
    name: 'UserError',
    message: /the registry should answer, npm says: .*ECONNREFUSED/,
  })
})

test('C11 every lock of this repository can be used', () => {
  const locks = join(import.meta.dirname, '..', '..', '..', 'locks')
  const keys = readdirSync(locks, {withFileTypes: true}).filter(entry => entry.isDirectory())
  assert.ok(keys.length >= 4)
  for (const {name} of keys) {
    const lock = readPackageLock(locks, packageSpec(name.replace('+', '/'), ''))
    assert.ok(!Array.isArray(lock), String(lock))
  }
})
