// Proves that a load counts what was answered rightly, holds to its bounds, and refuses a wrong answer.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import http, {type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import {bareHttp} from '../../../bench/ingress/called.ts'
import {closedLoop} from '../../../bench/ingress/closedLoop.ts'

test('C13 calls are as many as the server answered, over as many connections as were asked for', async t => {
  const seen = {requests: 0, sockets: new Set()}
  const origin = await serve(t, (request, response) => {
    seen.requests += 1
    seen.sockets.add(request.socket)
    response.end('{"ok":true}')
  })
  const {perSecond, p50Ms} = await closedLoop(bareHttp(origin, '/'), {connections: 3, ms: 200, signal: t.signal})
  assert.equal(seen.sockets.size, 3)
  assert.ok(perSecond > 0 && perSecond <= seen.requests / 0.2, `${perSecond} of ${seen.requests}`)
  assert.ok(p50Ms > 0)
})

test('C13 a wrong answer ends the load', async t => {
  const origin = await serve(t, (_request, response) => response.writeHead(503).end('{"ok":true}'))
  const load = closedLoop(bareHttp(origin, '/'), {connections: 1, ms: 60_000, signal: t.signal})
  await assert.rejects(load, /got HTTP 503/)
})

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = http.createServer(listener)
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
