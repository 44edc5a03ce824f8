// The status comes over the socket where the ingress answers, and from its file otherwise; what cannot be read is not absent.
import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {readIngressStatus} from '../../../scripts/lib/cutover/readIngressStatus.ts'
import {local} from '../../../scripts/targets/local.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {answering, socketServer} from './socketServer.ts'

function rig(t: TestContext) {
  const instance = instanceIn(temporaryFolder(t), ['x'])
  const {folder} = instance.ingress
  mkdirSync(folder, {recursive: true})
  return {
    read: () => readIngressStatus(instance, local),
    socket: join(folder, 'control.sock'),
    say: (text: string) => writeFileSync(join(folder, 'status.json'), text),
  }
}

const inFile = {version: 4, servers: {}}

test('what the ingress answers counts, not what its file says', async t => {
  const {read, socket, say} = rig(t)
  say(JSON.stringify(inFile))
  await socketServer(t, socket, answering(200, {version: 5, servers: {}}))
  assert.deepEqual(await read(), {version: 5, servers: {}})
})

test('an ingress of an earlier version has no socket, and its file is read', async t => {
  const {read, say} = rig(t)
  assert.equal(await read(), undefined)
  say('{"version": 4, ')
  assert.equal(await read(), undefined)
  say(JSON.stringify(inFile))
  assert.deepEqual(await read(), inFile)
})

test('where the ingress gives no status its file is read, and without one that is a fault, not absence', async t => {
  for (const [answer, why] of [
    [answering(500, {error: 'no'}), /it answered HTTP 500/],
    [answering(200, {servers: {}}), /it answered \{"servers":\{\}\}/],
    [() => undefined, /no answer within 1000 ms/],
  ] as const) {
    const {read, socket, say} = rig(t)
    await socketServer(t, socket, answer)
    await assert.rejects(read(), (thrown: Error) => {
      assert.equal(thrown.name, 'UserError')
      assert.ok(thrown.message.startsWith(`${socket}: the ingress should answer with its status`), thrown.message)
      assert.match(thrown.message, why)
      return true
    })
    say(JSON.stringify(inFile))
    assert.deepEqual(await read(), inFile)
  }
})
