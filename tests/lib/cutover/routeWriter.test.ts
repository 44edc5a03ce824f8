// Who asks for routes while others are being written shares the next ones, and is told only when those are applied.
import assert from 'node:assert/strict'
import {hash} from 'node:crypto'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {routeWriter} from '../../../scripts/lib/cutover/routeWriter.ts'
import type {Stage, Transition} from '../../../scripts/lib/cutover/transition.ts'
import {unguarded} from '../../../scripts/lib/files/changes.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {local} from '../../../scripts/targets/local.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {socketServer} from './socketServer.ts'

const names = ['one', 'two', 'three', 'four']

test('writes that wait for another become one, which has what each of them set', async t => {
  const {writer, stages, written, apply} = rig(t)
  const set = (name: string, stage: Stage) => {
    stages[name] = stage
    return writer.write()
  }
  const done: string[] = []
  const first = set('one', 'switched').then(() => done.push('one'))
  await begun()
  const others = names.slice(1).map(name => set(name, 'switched').then(() => done.push(name)))
  await begun()
  assert.deepEqual([written, done], [[{version: 1, switched: ['one']}], []])
  apply(1)
  await first
  assert.deepEqual(done, ['one'], 'the others are not in what was applied')
  await begun()
  assert.deepEqual(written.slice(1), [{version: 2, switched: names}], 'one more for three that asked')
  apply(2)
  await Promise.all(others)
  assert.deepEqual(done, names)
})

test('one that asks after the next write began gets one of its own', async t => {
  const {writer, stages, written, apply} = rig(t)
  const asked = names.slice(0, 3).map(async name => {
    stages[name] = 'switched'
    await writer.write()
  })
  await begun()
  stages.four = 'switched'
  const late = writer.write()
  apply(1)
  await Promise.all(asked)
  await begun()
  apply(2)
  await late
  assert.deepEqual(
    written.map(({switched}) => switched.length),
    [3, 4],
  )
})

test('all who share a write that fails are told, and the next one is tried', async t => {
  const {writer, written, apply, fail} = rig(t)
  fail(true)
  const ends = await Promise.allSettled([writer.write(), writer.write()])
  assert.deepEqual(
    ends.map(({status}) => status),
    ['rejected', 'rejected'],
  )
  fail(false)
  const next = writer.write()
  await begun()
  const version = written.at(-1)?.version ?? 0
  apply(version)
  await next
  assert.equal(written.length, 1)
})

test('X2 routes count as applied only when the ingress says exactly these: no greater version, no other text', async t => {
  const {writer, written, say, apply} = rig(t, {'status.json': JSON.stringify({version: 37, servers: {}})})
  let isDone = false
  const done = writer.write().then(() => {
    isDone = true
  })
  await begun()
  assert.deepEqual(
    written.map(({version}) => version),
    [38],
    'the file was lost, and the version is above that of the ingress all the same',
  )
  for (const said of [
    {version: 39, release: 'd'.repeat(64)},
    {version: 38, release: 'e'.repeat(64)},
    {version: 38, release: 'd'.repeat(64), routes: hash('sha256', 'other routes')},
  ]) {
    say(said)
    await begun()
    assert.equal(isDone, false, JSON.stringify(said))
  }
  apply(38)
  await done
})

test('X2 an ingress of an earlier version says no digest: its version and release are those of the routes', async t => {
  const {writer, say} = rig(t, {'routes.json': '{"version": 4}'})
  const done = writer.write()
  await begun()
  say({version: 5, release: 'd'.repeat(64)})
  await done
})

test('X2 a routes file that cannot be read is refused, and one that is lost between two writes is written again', async t => {
  for (const text of ['', '{"version": 4', '{"version": "4"}', '[]', 'null'])
    assert.throws(() => rig(t, {'routes.json': text}), {
      name: 'UserError',
      message: /routes\.json: should be the routes of the ingress with their version, is /,
      remedy: /sh \S+\/rollback\.sh/,
    })
  const {writer, apply, written, routesPath} = rig(t, {'routes.json': '{"version": 4}'})
  const first = writer.write()
  await begun()
  apply(5)
  await first
  rmSync(routesPath)
  const second = writer.write()
  await begun()
  apply(6)
  await second
  assert.deepEqual(
    written.map(({version}) => version),
    [5, 6],
  )
})

test('X14 who lost the lease does not wait for routes that another run has replaced', async t => {
  const {writer, lose} = rig(t)
  const done = writer.write()
  await begun()
  lose()
  await assert.rejects(done, {message: 'another run has the lease'})
})

test('routes that the ingress acknowledges by digest over its socket need no status file, and are in the file first', async t => {
  const {writer, written, routesPath, control} = rig(t)
  const puts = await control(text => {
    assert.equal(readFileSync(routesPath, 'utf8'), text, 'what an ingress that starts reads')
    return [200, {version: JSON.parse(text).version, routes: hash('sha256', text)}]
  })
  await writer.write()
  await writer.write()
  assert.deepEqual(puts, [1, 2])
  assert.deepEqual(
    written.map(({version}) => version),
    [1, 2],
  )
})

test('routes that the ingress has read from the file by the time it is written are not put', async t => {
  const {writer, control, onWrite, apply} = rig(t)
  const puts = await control(() => [400, {error: 'it was asked'}])
  onWrite(() => apply(1))
  await writer.write()
  assert.deepEqual(puts, [])
})

test('routes are above those that the ingress says over its socket, where the file was lost', async t => {
  const {writer, control} = rig(t)
  const puts = await control(text => [200, {version: JSON.parse(text).version, routes: hash('sha256', text)}], {
    version: 37,
    servers: {},
  })
  await writer.write()
  assert.deepEqual(puts, [38])
})

test('an acknowledgement of other routes is none: they are put again until these are applied', {
  timeout: 20_000,
}, async t => {
  const {writer, control} = rig(t)
  const others = [
    [200, {version: 1, routes: hash('sha256', 'other')}],
    [200, {version: 2, routes: ''}],
  ] as [number, object][]
  const puts = await control(
    text => others.shift() ?? [200, {version: JSON.parse(text).version, routes: hash('sha256', text)}],
  )
  await writer.write()
  assert.deepEqual([puts, others], [[1, 1, 1], []])
})

test('an ingress that gives no answer over its socket may have read the file all the same', async t => {
  const {writer, control, apply} = rig(t)
  await control(() => [500, {error: 'it cannot'}])
  const done = writer.write()
  await begun()
  apply(1)
  await done
})

test('routes that the ingress finds at fault are reported with the fault, without waiting for a deadline', async t => {
  const {writer, control} = rig(t)
  await control(() => [400, {error: 'the routes of version 0 stay: servers.one.copies: should be a list'}])
  await assert.rejects(writer.write(), {
    name: 'UserError',
    message: 'the ingress did not apply routes 1: the routes of version 0 stay: servers.one.copies: should be a list',
    remedy: 'fix what its log says, then repeat: pnpm logs ingress',
  })
})

test('X14 who is refused since another run has put newer routes hears that the lease is lost', async t => {
  const {writer, control, lose} = rig(t)
  await control(() => {
    lose()
    return [409, {error: 'routes 1 are not newer than routes 2 of x, which are applied'}]
  })
  await assert.rejects(writer.write(), {message: 'another run has the lease'})
})

test('X14 who lost the lease puts nothing', async t => {
  const {writer, control, lose} = rig(t)
  const puts = await control(() => [500, {error: 'it cannot'}])
  const done = writer.write()
  await begun()
  lose()
  await assert.rejects(done, {message: 'another run has the lease'})
  assert.deepEqual(puts, [1])
})

test('those who ask for the status at the same time share an answer', async t => {
  const {writer, control, asked} = rig(t)
  await control(() => [500, {}], {version: 3, servers: {}})
  const statuses = await Promise.all(Array.from({length: 20}, () => writer.status()))
  assert.deepEqual(new Set(statuses.map(status => status?.version)), new Set([3]))
  assert.ok(asked() <= 2, String(asked()))
})

// A write begins in the turn after it was asked for, and is looked after every few milliseconds.
const begun = () => new Promise(resolve => setTimeout(resolve, 30))

/** An ingress that applies what it is told to, and keeps what was written for it. */
function rig(t: TestContext, there: Record<string, string> = {}) {
  const one = instanceIn(temporaryFolder(t), ['x'])
  const [server] = one.servers
  assert.ok(server !== undefined)
  const copies = (copy: string): Instance => ({...one, servers: names.map(name => ({...server, name, copy}))})
  const stages: Record<string, Stage> = Object.fromEntries(names.map(name => [name, 'waiting']))
  const transition: Transition = {
    run: '',
    purpose: 'deploy',
    from: copies('old'),
    to: copies('new'),
    changes: names.map(name => ({server: name, kind: 'replace', strategy: 'blue-green'})),
    stages,
  }
  const written: {version: number; switched: string[]}[] = []
  let fails = false
  let afterWrite = () => {}
  let isLost = false
  const changes = {
    ...unguarded,
    assert: () => {
      if (isLost) throw new Error('another run has the lease')
    },
    write: (path: string, text: string) => {
      if (fails) throw new Error('the disk is full')
      unguarded.write(path, text)
      afterWrite()
      const {version, servers} = JSON.parse(text)
      const switched = names.filter(name => servers[name].copies[0].id === 'new')
      written.push({version, switched})
    },
  }
  // A busy machine may look after the ingress meanwhile; there is none.
  const shell = {run: async () => ''}
  mkdirSync(one.ingress.folder, {recursive: true})
  for (const [name, text] of Object.entries(there)) writeFileSync(join(one.ingress.folder, name), text)
  const writer = routeWriter({instance: one, target: local, shell, transition, changes})
  const status = join(one.ingress.folder, 'status.json')
  let asked = 0
  return {
    /** Listens as the ingress does; `answer` says what becomes of a put. Gives the versions that are put. */
    control: async (
      answer: (text: string) => [status: number, body: object],
      said: object = {version: 0, servers: {}},
    ) => {
      const puts: number[] = []
      await socketServer(t, join(one.ingress.folder, 'control.sock'), async (request, response) => {
        if (request.method === 'GET') {
          asked += 1
          response.end(JSON.stringify(said))
          return
        }
        let text = ''
        for await (const chunk of request) text += chunk
        puts.push(JSON.parse(text).version)
        const [status, body] = answer(text)
        response.writeHead(status).end(JSON.stringify(body))
      })
      return puts
    },
    /** How often the status was asked for. */
    asked: () => asked,
    writer,
    stages,
    written,
    routesPath: join(one.ingress.folder, 'routes.json'),
    /** What the ingress says from now on. */
    say: (said: object) => writeFileSync(status, JSON.stringify({servers: {}, ...said})),
    apply: (version: number) => {
      const text = readFileSync(join(one.ingress.folder, 'routes.json'), 'utf8')
      writeFileSync(status, JSON.stringify({version, routes: hash('sha256', text), servers: {}}))
    },
    /** What happens while the routes file is being made durable. */
    onWrite: (act: () => void) => {
      afterWrite = act
    },
    fail: (value: boolean) => {
      fails = value
    },
    lose: () => {
      isLost = true
    },
  }
}
