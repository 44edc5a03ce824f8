// What is removed after a deploy, and what never is: also with a clock that is off, after a kill, and when something cannot go.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, linkSync, mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {writeIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {unguarded} from '../../../scripts/lib/files/changes.ts'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import type {StepContext} from '../../../scripts/lib/step/step.ts'
import {dueOf} from '../../../scripts/lib/tidy/dueOf.ts'
import {keptCounts, tidyLive} from '../../../scripts/lib/tidy/tidyLive.ts'
import {killed} from '../../rigProcesses.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {runAll} from '../runAll.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const dayMs = 86_400_000
const digest = (number: number) => `${String(number).padStart(12, 'a')}${'0'.repeat(52)}`
const short = (number: number) => digest(number).slice(0, 12)

/** The live instance of a release with one copy, which lies in `copies/<copy>`. */
function described(root: string, release: string, copy: string, argv: string[] = []) {
  const instance = instanceIn(root, argv)
  const folder = join(instance.folder, 'copies', copy)
  return {...instance, release, servers: instance.servers.map(server => ({...server, folder}))}
}

/** An environment with releases 1 (oldest) to 12, of which 12 is live, and the same in the checkout. */
async function environment(t: TestContext, agoMs = (number: number) => (13 - number) * dayMs) {
  const folder = temporaryFolder(t)
  const root = join(folder, 'root')
  const make = (path: string, number: number) => {
    mkdirSync(path, {recursive: true})
    writeFileSync(join(path, 'file'), 'x'.repeat(1000))
    const at = (Date.now() - agoMs(number)) / 1000
    utimesSync(path, at, at)
  }
  for (let number = 1; number <= 12; number += 1) {
    make(join(root, 'releases', short(number)), number)
    make(join(folder, '.build', 'releases', short(number)), number)
    make(join(folder, '.build', 'artifacts', `good-${short(number)}`), number)
    make(join(root, 'instances', 'live', 'copies', `good.${number}`), number)
  }
  const records = folderRecords(root)
  await records.setLive({release: digest(12), since: 's', run: 'r12'})
  const live = described(root, digest(12), 'good.12')
  writeFileSync(join(root, 'instances', 'live', 'instance.json'), JSON.stringify(live))
  const verify = (number: number, order: number, more: object = {}) =>
    records.setRelease({
      release: digest(number),
      fleet: 'f',
      servers: {},
      placedAt: 'p',
      rehearsals: [],
      verified: {run: `r${number}`, at: 'a', order},
      ...more,
    })
  const entries: EntryBody[] = []
  const context: Parameters<typeof tidyLive>[0] = {
    fleet: {root, folder, environment: 'staging'} as StepContext['fleet'],
    run: '20261120-000000-staging-aaaa',
    record: (...made) => entries.push(...made),
    say: () => undefined,
    records,
    documents: folderDocuments(root),
    changes: unguarded,
  }
  const facts = (name: string) =>
    entries.flatMap(entry =>
      entry.type === 'fact' && entry.name === name ? [entry.value as {path: string; bytes: number}] : [],
    )
  const left = (path: string) => readdirSync(join(folder, path)).sort()
  return {folder, root, records, verify, context, facts, left}
}

const numbers = (names: string[]) => names.map(name => Number(/[1-9]\d*$/.exec(name)?.[0])).sort((a, b) => a - b)

test('the newest of each kind stay, and each removal is reported with what became free', async t => {
  const {context, facts, left, folder} = await environment(t)
  // A file that another release has as well frees nothing.
  linkSync(join(folder, 'root', 'releases', short(1), 'file'), join(folder, 'root', 'releases', short(12), 'same'))
  await tidyLive(context)
  assert.deepEqual(numbers(left('root/releases')), [8, 9, 10, 11, 12])
  assert.deepEqual(numbers(left('.build/releases')), [8, 9, 10, 11, 12])
  assert.deepEqual(numbers(left('.build/artifacts')), [10, 11, 12])
  assert.deepEqual(numbers(left('root/instances/live/copies')), [10, 11, 12])
  const removed = facts('cleanup.removed')
  assert.equal(removed.length, 7 + 7 + 9 + 9)
  assert.equal(removed.find(({path}) => path === `releases/${short(1)}`)?.bytes, 0)
  assert.equal(removed.find(({path}) => path === `releases/${short(2)}`)?.bytes, 1000)
  assert.deepEqual(facts('cleanup.failed'), [])
})

for (const [clock, agoMs] of [
  ['right', undefined],
  ['set forward by years, so that all is old', () => 3000 * dayMs],
  ['set back while releases were made, so that the newest look oldest', (number: number) => number * dayMs],
] as const)
  test(`X14 pins hold when the clock was ${clock}`, async t => {
    const {context, root, records, verify, left} = await environment(t, agoMs)
    await records.setLive({release: digest(6), since: 's', run: 'r'})
    await verify(5, 9)
    await verify(6, 3, {rolledBack: {run: 'x', at: 'y'}})
    await verify(4, 2)
    await verify(3, 1)
    const transition = {
      run: 't',
      purpose: 'deploy',
      from: described(root, digest(7), 'good.12'),
      to: described(root, digest(8), 'good.2'),
      changes: [],
      stages: {},
    }
    writeFileSync(join(root, 'transition.json'), JSON.stringify(transition))
    const backup = {path: '/gone', host: 'here', release: digest(9), run: 'b', at: '2026-11-20T09:00:00.000Z'}
    await writeIndex(folderDocuments(root), [{...backup, bytes: 1, sha256: digest(9), withCode: false}])
    await tidyLive(context)
    const releases = numbers(left('root/releases'))
    // Live, last verified and its rollback target, both sides of the change under way, that of a backup, of the description.
    for (const pinned of [6, 5, 4, 7, 8, 9, 12]) assert.ok(releases.includes(pinned), `${pinned} of ${releases}`)
    assert.ok(releases.length < 12, 'something went')
    assert.ok(numbers(left('root/instances/live/copies')).includes(2), 'the copy of a change under way')
  })

test('a copy that is on standby stays, and so does the release from which it runs', async t => {
  const {context, root, left} = await environment(t)
  const instance = described(root, digest(3), 'good.1', [join(root, 'releases', short(2), 'main')])
  const standby = {instance, until: '2026-11-20T14:22:00.000Z'}
  writeFileSync(join(root, 'instances', 'live', 'standby.json'), JSON.stringify(standby))
  await tidyLive(context)
  assert.deepEqual(numbers(left('root/instances/live/copies')), [1, 10, 11, 12])
  assert.ok(numbers(left('root/releases')).includes(2))
})

test('a release and a copy that a running program names stay, also when no file names them', async t => {
  const {context, root, left} = await environment(t)
  const copy = join(root, 'instances', 'live', 'copies', 'good.1')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', join(root, 'releases', short(2), 'main')])
  t.after(() => killed(child.pid ?? 0))
  writeFileSync(join(copy, 'child'), `${child.pid} ${processStart(child.pid ?? 0)?.replaceAll(/\s+/g, '_')}\n`)
  utimesSync(copy, 0, 0)
  await tidyLive(context)
  assert.deepEqual(numbers(left('root/releases')), [2, 8, 9, 10, 11, 12])
  assert.ok(existsSync(copy))
})

test('what is young stays, as another checkout or environment may be at work with it', async t => {
  const {context, left} = await environment(t, () => 60_000)
  await tidyLive(context)
  assert.equal(left('root/releases').length, 12)
})

test('where a file cannot be understood, nothing is removed, and the verdict stays', async t => {
  const {context, root, left, facts} = await environment(t)
  writeFileSync(join(root, 'transition.json'), '{"run":')
  await tidyLive(context)
  assert.equal(left('root/releases').length, 12)
  assert.match(JSON.stringify(facts('cleanup.failed')), /transition\.json: should be the change under way/)
})

test('a lease that was lost, or a folder that cannot go, is reported and changes no verdict', async t => {
  const {context, facts, left} = await environment(t)
  let asked = 0
  await tidyLive({
    ...context,
    changes: {
      ...unguarded,
      assert: () => {
        asked += 1
        if (asked > 2) throw new Error('another run has it')
      },
    },
  })
  assert.equal(facts('cleanup.removed').length, 2)
  assert.match(JSON.stringify(facts('cleanup.failed')), /another run has it/)
  assert.equal(left('.build/artifacts').length, 12)
})

test('X14 killed in the middle of a removal: nothing looks whole that is not, and the next time takes the rest', async t => {
  const {context, root, left} = await environment(t)
  const module = new URL('../../../scripts/lib/tidy/removeFolder.ts', import.meta.url).href
  const dying = `import fs from 'node:fs'
    import {syncBuiltinESMExports} from 'node:module'
    fs.rmSync = path => { fs.unlinkSync(path + '/file'); process.kill(process.pid, 'SIGKILL') }
    syncBuiltinESMExports()
    const {removeFolder} = await import(${JSON.stringify(module)})
    removeFolder(process.argv[1])`
  await runAll([['--input-type=module', '-e', dying, join(root, 'releases', short(1))]])
  const partial = left('root/releases').filter(name => name.startsWith('.partial-'))
  assert.equal(partial.length, 1)
  assert.equal(existsSync(join(root, 'releases', short(1))), false)
  await tidyLive(context)
  assert.deepEqual(numbers(left('root/releases')), [8, 9, 10, 11, 12])
})

test('files of writers that were killed go, those of writers at work stay', async t => {
  const {context, root} = await environment(t)
  writeFileSync(join(root, 'live.json.4194399.new'), '')
  writeFileSync(join(root, `live.json.${process.pid}.new`), '')
  await tidyLive(context)
  assert.deepEqual(
    [existsSync(join(root, 'live.json.4194399.new')), existsSync(join(root, `live.json.${process.pid}.new`))],
    [false, true],
  )
})

test('of runs the newest fifty of each environment stay, and those that live names', async t => {
  const {context, folder, left} = await environment(t)
  const old = Array.from(
    {length: keptCounts.runs + 5},
    (_, index) => `20200101-${String(index).padStart(6, '0')}-staging-beef`,
  )
  for (const name of [...old, '20190101-000000-production-beef']) {
    mkdirSync(join(folder, '.runs', name), {recursive: true})
    utimesSync(join(folder, '.runs', name), 0, 0)
  }
  await context.records.setLive({release: digest(12), since: 's', run: old[2] ?? ''})
  await tidyLive(context)
  const gone = old.filter(name => !left('.runs').includes(name))
  assert.deepEqual(gone, [old[0], old[1], old[3], old[4]])
  assert.ok(left('.runs').includes('20190101-000000-production-beef'))
})

test('each group is counted alone', () => {
  const all = ['/a/x.1', '/a/x.2', '/a/y.1'].map(path => ({
    path,
    group: basename(path).split('.')[0] ?? '',
    changedMs: 0,
  }))
  const paths = dueOf(all, 1, () => false, dayMs).map(({path}) => path)
  assert.deepEqual(paths.map(dirname), ['/a'])
  assert.match(paths.join(), /x\./)
})
