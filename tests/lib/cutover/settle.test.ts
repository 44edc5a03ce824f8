// A copy that is left drains until the ingress says that it has nothing more to do; what cannot be read is no such word.
import assert from 'node:assert/strict'
import {hash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {settle} from '../../../scripts/lib/cutover/settle.ts'
import type {Transition} from '../../../scripts/lib/cutover/transition.ts'
import {unguarded} from '../../../scripts/lib/files/changes.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import type {Target} from '../../../scripts/lib/target/target.ts'
import {local} from '../../../scripts/targets/local.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {socketServer} from './socketServer.ts'

/** An ingress whose answers to the question for its status are given one after the other, the last one over and over. */
async function rig(t: TestContext, answers: readonly [status: number, body: object][], target: Target = local) {
  const one = instanceIn(temporaryFolder(t), ['x'], {limits: {drainSeconds: 20}})
  const [server] = one.servers
  assert.ok(server !== undefined)
  const side = (copy: string): Instance => ({...one, servers: [{...server, copy}]})
  const transition: Transition = {
    run: '',
    purpose: 'deploy',
    from: side('old'),
    to: side('new'),
    changes: [{server: 'one', kind: 'replace', strategy: 'blue-green'}],
    stages: {one: 'switched'},
  }
  const {folder} = one.ingress
  mkdirSync(folder, {recursive: true})
  let asked = 0
  await socketServer(t, join(folder, 'control.sock'), async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (request.method === 'PUT') {
      const {version} = JSON.parse(text)
      response.end(JSON.stringify({version, routes: hash('sha256', text)}))
      return
    }
    const [status, body] = answers[Math.min(asked, answers.length - 1)] ?? [500, {}]
    asked += 1
    response.writeHead(status).end(JSON.stringify(body))
  })
  const ran: string[] = []
  const settled = (drainAtMostMs: number) =>
    settle({
      transition,
      target,
      shell: {
        run: async ({why}) => {
          ran.push(why)
          return ''
        },
      },
      signal: new AbortController().signal,
      save: async () => undefined,
      changes: unguarded,
      drainAtMostMs,
    })
  const say = (text: string) => writeFileSync(join(folder, 'status.json'), text)
  return {settled, ran, asked: () => asked, folder, say}
}

const busyWith = (inFlight: number): [number, object] => [
  200,
  {version: 1, servers: {one: {held: 0, copies: {old: {state: 'draining', inFlight, streams: 0, sessions: 0}}}}},
]

test('a copy is stopped when its calls have ended', async t => {
  const {settled, ran, asked} = await rig(t, [busyWith(2), busyWith(1), busyWith(0)])
  const [one] = await settled(15_000)
  assert.deepEqual(one?.left, {inFlight: 0, streams: 0, sessions: 0})
  assert.deepEqual(ran, ['stop one'])
  // One more question is for the version of the routes.
  assert.equal(asked(), 4)
})

test('a copy whose calls do not end is stopped when its time is over, and what it had is reported', async t => {
  const {settled} = await rig(t, [busyWith(2)])
  assert.deepEqual((await settled(120))[0]?.left, {inFlight: 2, streams: 0, sessions: 0})
})

test('where the ingress gives no status and its file is damaged, nothing is taken for drained', async t => {
  const {settled, asked, say, ran} = await rig(t, [[500, {error: 'for now'}]])
  say('{"version": 1, "serv')
  await assert.rejects(settled(15_000), /control\.sock: the ingress should answer with its status/)
  assert.deepEqual([asked(), ran], [1, []])
})

test('a damaged status file of an ingress without a socket is waited for, and does not count for a drained copy', async t => {
  const {ingressControl: _, ...withoutSocket} = local
  const {settled, say, ran, folder} = await rig(t, [busyWith(0)], withoutSocket)
  say('{"version": 1, "serv')
  const done = settled(15_000)
  await pause(150)
  assert.equal(existsSync(join(folder, 'routes.json')), false, 'it still drains')
  say(JSON.stringify(busyWith(0)[1]))
  while (!existsSync(join(folder, 'routes.json'))) await pause(10)
  assert.deepEqual(ran, [])
  say(JSON.stringify({version: 2, routes: hash('sha256', readFileSync(join(folder, 'routes.json'))), servers: {}}))
  await done
  assert.deepEqual(ran, ['stop one'])
})
