// What an ingress that does not answer as it should counts for: never for one that applied routes, nor for one that is absent.
import assert from 'node:assert/strict'
import type {RequestListener} from 'node:http'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {askStatus, putRoutes} from '../../../scripts/lib/cutover/ingressControl.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {answering, socketServer} from './socketServer.ts'

const socketIn = (t: TestContext) => join(temporaryFolder(t), 'control.sock')

test('where there is no socket nobody listens, and that is no fault', async t => {
  const socket = socketIn(t)
  assert.deepEqual(await putRoutes(socket, '{}', 1000), {kind: 'absent'})
  assert.deepEqual(await askStatus(socket, 1000), {kind: 'absent'})
  // A folder that is longer than the address of a socket may be, and is not there.
  const long = join(socket, '..', 'a'.repeat(120), 'control.sock')
  assert.deepEqual(await askStatus(long, 1000), {kind: 'absent'})
})

test('who takes a connection and says nothing is silent when the deadline passes', async t => {
  const socket = socketIn(t)
  await socketServer(t, socket, () => undefined)
  const beganAt = performance.now()
  const silent = {kind: 'silent', why: 'no answer within 150 ms'}
  assert.deepEqual(await Promise.all([putRoutes(socket, '{}', 150), askStatus(socket, 150)]), [silent, silent])
  assert.ok(performance.now() - beganAt < 5000)
})

test('a connection that breaks, and an answer in the middle of which it breaks, are silence', async t => {
  const socket = socketIn(t)
  const answers = ['', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"version"']
  const server = createServer(connection => connection.once('data', () => connection.end(answers.shift() ?? '')))
  await new Promise<void>(resolve => server.listen(socket, resolve))
  t.after(() => void server.close())
  for (const why of [/^the connection ended without an answer$/, /JSON/]) {
    const answer = await askStatus(socket, 5000)
    assert.ok(answer.kind === 'silent', JSON.stringify(answer))
    assert.match(answer.why, why)
  }
})

for (const [what, listener, expected] of [
  ['no JSON', (_request, response) => void response.end('<html>'), /JSON/],
  ['another success', answering(200, {version: '4', routes: 'x'}), /it answered HTTP 200 "\{\\"version\\":\\"4\\"/],
  ['a fault of its own', answering(500, {error: 'no'}), /it answered HTTP 500/],
  ['a refusal without a reason', answering(409, {}), /it answered HTTP 409/],
] satisfies [string, RequestListener, RegExp][]) {
  test(`${what} in answer to routes is silence, with what was said`, async t => {
    const socket = socketIn(t)
    await socketServer(t, socket, listener)
    const answer = await putRoutes(socket, '{}', 5000)
    assert.ok(answer.kind === 'silent', JSON.stringify(answer))
    assert.match(answer.why, expected)
  })
}
