// Instances are laid out as data, kept in their own folder, found again, and ended when their run was killed.

import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {explain} from '../../../scripts/lib/errors/explain.ts'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import type {Fleet} from '../../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../../scripts/lib/fleet/schema.ts'
import {chosenServers, currentInstance} from '../../../scripts/lib/instance/currentInstance.ts'
import {endStale} from '../../../scripts/lib/instance/endStale.ts'
import {planInstance} from '../../../scripts/lib/instance/planInstance.ts'
import {instanceNames, readInstance, saveInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {serverOf} from '../../../scripts/lib/target/instance.ts'
import {local} from '../../../scripts/targets/local.ts'
import {eventually, instanceIn, isRunning, prepared} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

function planned(ingress: object = {}) {
  const of = (name: string, more: object = {}) => ({
    name,
    ...serverSchema.parse({source: {npm: 'one@1.0.0'}, command: ['one'], ...more}),
  })
  const fleet = {
    name: 'harbour',
    environment: 'staging',
    folder: '/fleet',
    root: '/srv/harbour',
    ingress: {port: 8700, hosts: ['localhost'], origins: [], ...ingress},
    servers: [
      of('one', {
        after: ['off', 'two'],
        auth: {bearer: 'API_KEY'},
        secrets: {API_KEY: {}},
        probe: {tool: 'list', arguments: {path: '{state}'}},
      }),
      of('two', {endpoint: '/rpc'}),
      of('off', {client: {enabled: false}}),
    ],
  } as unknown as Fleet
  const servers = {
    one: {argv: ['{runtime}', '{server}/x', '{"a":{"port":"{port}"}}', '{unknown}']},
    two: {argv: []},
    off: {argv: []},
  }
  return planInstance({
    fleet,
    release: {digest: 'd'.repeat(64), servers} as never,
    releaseFolder: '/srv/release',
    name: 'rehearsal-1',
    copy: 'a',
    ports: {ingress: 9000, servers: {one: 9001, two: 9002}},
  })
}

test('an instance holds the servers that are enabled, in their order, each with its own folder, port and words', () => {
  const instance = planned()
  assert.deepEqual(
    instance.servers.map(({name}) => name),
    ['one', 'two'],
  )
  assert.deepEqual(instance.batches, [['two'], ['one']], 'a server that is not enabled is not waited for')
  const one = serverOf(instance, 'one')
  assert.deepEqual(one.argv, [
    '/srv/release/runtime/node',
    '/srv/release/servers/one/x',
    '{"a":{"port":"9001"}}',
    '{unknown}',
  ])
  assert.deepEqual([one.endpoint, one.through], ['http://127.0.0.1:9001/mcp', 'http://localhost:9000/one/mcp'])
  assert.equal(serverOf(instance, 'two').through, 'http://localhost:9000/two/rpc')
  assert.deepEqual(one.settings.probe?.arguments, {path: one.state})
  assert.deepEqual(instance.ingress.secrets, ['API_KEY'])
  assert.ok(
    [one.folder, one.state, instance.ingress.folder].every(folder =>
      folder.startsWith('/srv/harbour/instances/rehearsal-1/'),
    ),
  )
  assert.throws(() => serverOf(instance, 'off'), /instance rehearsal-1 has no server off/)
})

test('with certificates it speaks https under its first name that is no wildcard', () => {
  const {ingress} = planned({
    hosts: ['*.example.org', 'mcp.example.org'],
    tls: {certificate: 'tls/c.pem', key: '/k.pem', minimumDays: 14},
  })
  assert.equal(ingress.url, 'https://mcp.example.org:9000')
  assert.deepEqual(ingress.tls, {certificate: '/fleet/tls/c.pem', key: '/k.pem', authority: undefined, minimumDays: 14})
})

test('an instance is found again by whoever looks; what cannot be read is not taken for none', async t => {
  const root = temporaryFolder(t)
  const documents = folderDocuments(root)
  assert.deepEqual([instanceNames(root), await readInstance(documents, root, 'live')], [[], undefined])
  const instance = instanceIn(root, ['sleep', '60'])
  await saveInstance(documents, instance)
  assert.deepEqual(instanceNames(root), ['live'])
  assert.deepEqual(await readInstance(documents, root, 'live'), JSON.parse(JSON.stringify(instance)))
  writeFileSync(join(instance.folder, 'instance.json'), '{')
  await assert.rejects(
    () => readInstance(documents, root, 'live'),
    (error: unknown) =>
      error instanceof UserError &&
      /instance\.json: should be the description of live, is no JSON: /.test(error.message),
  )
})

test('a step looks at the rehearsal of its run, or else at live, or says what to do', async t => {
  const root = temporaryFolder(t)
  const documents = folderDocuments(root)
  const fleet = {root, environment: 'staging'} as Fleet
  const fact = [{at: '', type: 'fact', name: 'instance', value: {name: 'rehearsal-1'}}] as const
  const message = async (entries: typeof fact | []) => {
    try {
      return (await currentInstance(entries, {fleet, documents})).name
    } catch (error) {
      return error instanceof UserError ? `${error.message} → ${error.remedy}` : String(error)
    }
  }
  assert.match(await message([]), /^nothing is live in staging → /)
  assert.match(await message(fact), /^rehearsal-1 of this run is gone → /)
  const live = instanceIn(root, ['sleep', '60'])
  await saveInstance(documents, live)
  assert.equal(await message([]), 'live')
  assert.match(await message(fact), /^rehearsal-1 of this run is gone/)
  await saveInstance(documents, {...live, name: 'rehearsal-1', folder: join(root, 'instances', 'rehearsal-1')})
  assert.equal(await message(fact), 'rehearsal-1')
  assert.deepEqual(
    [chosenServers(live, []).length, chosenServers(live, ['one']).length, chosenServers(live, ['two']).length],
    [1, 1, 0],
  )
})

test('what a killed run left behind is ended and removed; live and the run itself stay', {timeout: 30_000}, async t => {
  const live = prepared(t, ['sleep', '60'])
  const root = dirname(dirname(live.instance.folder))
  const documents = folderDocuments(root)
  await saveInstance(documents, live.instance)
  await live.start()
  const stale = JSON.parse(
    JSON.stringify(live.instance).replaceAll('instances/live', 'instances/rehearsal-dead'),
  ) as typeof live.instance
  stale.name = 'rehearsal-dead'
  for (const folder of local.folders(stale)) mkdirSync(folder, {recursive: true})
  for (const {path, text} of local.files(stale)) writeFileSync(path, text)
  await saveInstance(documents, stale)
  await live.shell.run(local.startServer(stale, 'one'))
  const child = (folder: string) => join(folder, 'child')
  const pidOf = (path: string) =>
    eventually(
      () => (existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[0]) || undefined : undefined),
      path,
    )
  const dead = await pidOf(child(serverOf(stale, 'one').folder))
  const living = await pidOf(child(live.folder))
  mkdirSync(join(root, 'instances', 'rehearsal-undescribed', 'x'), {recursive: true})
  mkdirSync(join(root, 'instances', 'rehearsal-mine'))

  const check = await endStale({root, documents, run: 'mine', target: local, shell: live.shell})
  assert.deepEqual(
    [check.verdict, check.value, check.detail],
    ['pass', 2, 'ended what killed runs left behind: rehearsal-dead, rehearsal-undescribed'],
  )
  assert.deepEqual([isRunning(dead), isRunning(living)], [false, true])
  assert.deepEqual(instanceNames(root), ['live', 'rehearsal-mine'])
  const again = await endStale({root, documents, run: 'mine', target: local, shell: live.shell})
  assert.deepEqual([again.value, again.detail], [0, 'no earlier run left anything behind'])
})

test('X14 a folder of instances that cannot be read is an error, and never no instances', t => {
  const file = temporaryFolder(t, {instances: ''})
  assert.throws(() => instanceNames(file), {code: 'ENOTDIR'})
  const loop = temporaryFolder(t)
  symlinkSync('instances', join(loop, 'instances'))
  assert.throws(() => instanceNames(loop), {code: 'ELOOP'})
  for (const root of [file, loop])
    assert.match(
      explain(caught(() => instanceNames(root))),
      /^\/.*instances: E(NOTDIR|LOOP): .*\n→ .*ls -ld .*instances$/,
    )
})

test('X14 preflight as another user does not say that no earlier run left anything behind', {
  skip: process.getuid?.() !== 0,
}, async t => {
  const root = temporaryFolder(t)
  mkdirSync(join(root, 'instances', 'rehearsal-left'), {recursive: true})
  chmodSync(root, 0o755)
  chmodSync(join(root, 'instances'), 0o700)
  const module = new URL('../../../scripts/lib/instance/endStale.ts', import.meta.url).href
  const code = `process.setuid(65534)
    const {endStale} = await import(${JSON.stringify(module)})
    console.log(await endStale({root: process.argv[1], documents: {}, run: 'x', target: {}, shell: {}}).catch(error => error.code))`
  const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', code, root], {encoding: 'utf8'})
  assert.equal(stdout, 'EACCES\n', stderr)
})

function caught(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
