// A state file is absent, or of its shape, or one clear error that names the command which still works; nothing hangs.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdirSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {readStandby} from '../../../scripts/lib/cutover/standbyFile.ts'
import {readTransition} from '../../../scripts/lib/cutover/transitionFile.ts'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {readInstance, saveInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import {readJson} from '../../../scripts/lib/saved/readJson.ts'
import {z} from '../../../scripts/lib/saved/zod.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const shape = z.strictObject({name: z.string(), count: z.int().default(3)})
const read = (path: string) => readJson({path, what: 'a thing', shape, remedy: 'pnpm fix'})

/** The message of the `UserError` that `act` throws. */
function faultOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    assert.ok(error instanceof UserError, `${error instanceof Error ? error.stack : error}`)
    assert.ok(error.remedy !== undefined && error.remedy !== '')
    return error.message
  }
  return assert.fail('nothing was thrown')
}

/** The same of a promise that rejects. */
async function rejectionOf(act: Promise<unknown>): Promise<string> {
  const [ended] = await Promise.allSettled([act])
  return faultOf(() => {
    if (ended?.status === 'rejected') throw ended.reason
  })
}

test('an absent file is undefined; what a newer version added is left out, and what an earlier one lacked is there', t => {
  const folder = temporaryFolder(t, {'old.json': '{"name":"a"}', 'new.json': '{"name":"a","count":1,"more":{"x":1}}'})
  assert.equal(read(join(folder, 'none.json')), undefined)
  assert.deepEqual(read(join(folder, 'old.json')), {name: 'a', count: 3})
  assert.deepEqual(read(join(folder, 'new.json')), {name: 'a', count: 1})
})

for (const [what, text, fault] of [
  ['is empty', '', 'is empty'],
  ['was cut off', '{"name":', 'is no JSON: {"name":'],
  ['has another type', '[]', 'but it should be a map, got []'],
  ['lacks a member', '{}', 'but name is required and should be a text'],
  ['has a wrong member', '{"name":"a","count":1e308}', 'but count should be at most 9007199254740991, got 1e+308'],
  ['holds escape sequences', '\u001b[2J', 'is no JSON: ⟨U+001B⟩[2J'],
  ['would change prototypes', '{"__proto__":{"name":"x"},"name":"a"}', 'has a member that no such file has: __proto__'],
  ['is nested deeply', `${'['.repeat(60_000)}${']'.repeat(60_000)}`, `but it should be a map, got ${'['.repeat(57)}…`],
] as const)
  test(`a file that ${what} is an error with the place`, t => {
    const path = join(temporaryFolder(t, {'a.json': text}), 'a.json')
    const message = faultOf(() => read(path))
    const start = `${path}: should be a thing, `
    assert.equal(message.slice(0, start.length), start)
    assert.equal(message.slice(start.length), fault)
  })

test('a folder, a pipe, a device, a loop of links and a file that is far too large are errors at once', {
  timeout: 10_000,
}, t => {
  const folder = temporaryFolder(t, {huge: ''})
  const at = (name: string) => join(folder, name)
  mkdirSync(at('folder'))
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync('/dev/zero', at('device'))
  symlinkSync('loop', at('loop'))
  truncateSync(at('huge'), 10_000_000_000)
  for (const [name, fault] of [
    ['folder', 'is a folder'],
    ['pipe', 'is no file'],
    ['device', 'is no file'],
    ['loop', 'cannot be read: ELOOP'],
    ['huge', 'has 10000000000 bytes, more than any such file'],
    ['huge/below', 'cannot be read: ENOTDIR'],
  ] as const)
    assert.ok(faultOf(() => read(at(name))).includes(`${at(name)}: should be a thing, ${fault}`), name)
})

async function environment(t: TestContext) {
  const root = temporaryFolder(t)
  const instance = instanceIn(root, ['sleep', '60'])
  await saveInstance(folderDocuments(root), instance)
  return {
    root,
    instance,
    write: (path: string, value: unknown) => writeFileSync(join(root, path), JSON.stringify(value)),
  }
}

const outside = ['/etc', '../../etc', '/', '']

test('X14 a description that names a place outside of the root is refused, whichever place it is', async t => {
  const {root, instance, write} = await environment(t)
  const documents = folderDocuments(root)
  const [server] = instance.servers
  assert.ok(server)
  const cases: [string, (path: string) => object][] = [
    ['folder', folder => ({...instance, folder})],
    ['releaseFolder', releaseFolder => ({...instance, releaseFolder})],
    ['ingress', folder => ({...instance, ingress: {...instance.ingress, folder}})],
    ['folder', folder => ({...instance, servers: [{...server, folder}]})],
    ['state', state => ({...instance, servers: [{...server, state}]})],
  ]
  for (const path of [...outside, `${root}/../beside`, `${root}/a/../../beside`, root.slice(0, -1)])
    for (const [name, change] of cases) {
      write('instances/live/instance.json', change(path))
      const message = await rejectionOf(readInstance(documents, root, 'live'))
      assert.match(message, new RegExp(`instance.json: should be the description of live, but .*${name}`), path)
    }
})

test('a root that is reached by way of a link is the same root', async t => {
  const {root, instance} = await environment(t)
  const link = join(temporaryFolder(t), 'link')
  symlinkSync(root, link)
  assert.deepEqual((await readInstance(folderDocuments(link), link, 'live'))?.folder, instance.folder)
})

test('X14 a change under way and what is on standby are refused alike, by the command that still works', async t => {
  const {root, instance, write} = await environment(t)
  const transition = {
    run: 'r',
    purpose: 'deploy',
    from: instance,
    to: instance,
    changes: [{server: 'one', kind: 'replace', strategy: 'blue-green'}],
    stages: {one: 'held'},
  }
  const documents = folderDocuments(root)
  write('transition.json', transition)
  assert.equal((await readTransition(documents, root))?.changes.length, 1)
  const moved: Instance = {...instance, folder: '/etc'}
  for (const [change, fault] of [
    [{from: moved}, /but folder should be/],
    [{to: {...instance, releaseFolder: '/etc'}}, /releaseFolder should lie in/],
    [{purpose: 'x'}, /but purpose should be one of/],
    [{stages: {one: 'x'}}, /but stages.one should be one of/],
    [{run: '../x'}, /but run should be the name of a run/],
    [
      {changes: [{server: 'two', kind: 'start', strategy: 'recreate'}]},
      /but changes.0.server should be a server of to/,
    ],
    [{from: undefined}, /but changes.0.server should be a server of from/],
  ] as const) {
    write('transition.json', {...transition, ...change})
    assert.match(await rejectionOf(readTransition(documents, root)), fault)
  }
  write('instances/live/standby.json', {instance: moved, until: 'x'})
  assert.match(
    await rejectionOf(readStandby(documents, root)),
    /standby.json: should be what is on standby, but folder should be/,
  )
})

test('a record of another release, and a name that leads elsewhere, are refused', async t => {
  const {root, write} = await environment(t)
  mkdirSync(join(root, 'records'))
  const record = {release: 'abc', fleet: 'f', servers: {}, placedAt: 'now', rehearsals: []}
  write('records/abc.json', record)
  assert.equal((await folderRecords(root).release('abc'))?.release, 'abc')
  write('records/abc.json', {...record, release: 'def'})
  assert.match(
    await rejectionOf(folderRecords(root).releases()),
    /abc.json: should be the record of a release, but it is of def/,
  )
  write('live.json', {release: '../../x', since: 'now', run: 'r'})
  assert.match(await rejectionOf(folderRecords(root).live()), /but release should be a digest, got "..\/..\/x"/)
})
