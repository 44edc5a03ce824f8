// A connection to a copy that nobody uses is given up long before the copy would close it, so that no call meets that end.
import assert from 'node:assert/strict'
import type {Socket} from 'node:net'
import {test} from 'node:test'
import {ask, copies, pause, startIngress, startUpstream} from './harness.ts'

// What most servers wait, less a second in which their end may be on its way.
const mostServersMs = 4000

for (const [what, headers] of [
  ['tells nothing of how long it keeps it', {connection: 'keep-alive'}],
  ['says that it keeps it for a minute', {connection: 'keep-alive', 'keep-alive': 'timeout=60'}],
] as const)
  test(`a connection is kept from call to call, and given up when it is idle, of a server that ${what}`, async t => {
    const sockets: {socket: Socket; endedAt?: number}[] = []
    const upstream = await startUpstream(t, (_request, response) => void response.writeHead(200, headers).end('x'))
    upstream.server.keepAliveTimeout = 0
    upstream.server.on('connection', socket => {
      const seen: (typeof sockets)[number] = {socket}
      sockets.push(seen)
      socket.on('end', () => {
        seen.endedAt = performance.now()
      })
    })
    const ingress = await startIngress(t)
    await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
    for (let call = 0; call < 3; call++)
      assert.equal((await ask(ingress.port, {path: '/memory/mcp', body: '{}'})).status, 200)
    assert.equal(sockets.length, 1, 'one call after another uses the same connection')
    const idleFrom = performance.now()
    while (sockets[0]?.endedAt === undefined && performance.now() - idleFrom < mostServersMs) await pause(20)
    assert.ok(sockets[0]?.endedAt !== undefined, `it was still open after ${mostServersMs} ms`)
    assert.equal((await ask(ingress.port, {path: '/memory/mcp', body: '{}'})).status, 200)
    assert.equal(sockets.length, 2)
  })
