// What a server says in the head of an answer can neither leave its client without one nor show what is not for everybody.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import {ask, call, copies, startIngress, startUpstream} from './harness.ts'

/** An upstream that answers each request with these bytes; it ends with the test. */
async function rawUpstream(t: TestContext, answer: string): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('data', () => socket.write(Buffer.from(answer, 'latin1')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const head = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'

for (const [name, phrase] of [
  ['UTF-8', Buffer.from('✓').toString('latin1')],
  ['Latin-1', 'Accept\xe9'],
  ['a control character', 'O\x01K'],
  ['nothing', ''],
] as const)
  test(`X2 an answer whose reason phrase is ${name} reaches its client and is counted`, {timeout: 20_000}, async t => {
    const url = await rawUpstream(t, `HTTP/1.1 200 ${phrase}\r\n${head}`)
    const ingress = await startIngress(t)
    await ingress.route({memory: {copies: copies(['a', url, 'active'])}})
    const answer = await ask(ingress.port, {path: '/memory/mcp', body: call})
    assert.deepEqual([answer.status, answer.text], [200, '{}'])
    const metrics = await ask(ingress.port, {path: '/metrics'})
    assert.match(metrics.text, /ingress_requests_total\{[^}]*server="memory"[^}]*status="200"[^}]*\} 1\b/)
    assert.equal((await ingress.status()).servers.memory?.copies.a?.inFlight, 0)
  })

const token = 'bearer-token-of-the-probe'

test('C4 what a server says in its errors is shown on the host of the ingress alone, and never with the token', async t => {
  const upstream = await startUpstream(t, (request, response) => {
    response.writeHead(401, {'content-type': 'application/json'})
    const message = `bad token ${request.headers.authorization}; database at db.internal`
    response.end(JSON.stringify({jsonrpc: '2.0', id: 1, error: {code: -32001, message}}))
  })
  const ingress = await startIngress(t, {}, {env: {TOKEN: token}})
  const probe = {tool: 'x', arguments: {}}
  await ingress.route({memory: {probe, bearer: 'TOKEN', copies: copies(['a', upstream.url, 'active'])}})
  for (const path of ['/health', '/memory/health']) {
    const near = await ask(ingress.port, {path})
    assert.equal(near.status, 503)
    assert.match(near.text, /bad token Bearer \[secret TOKEN\]; database at db\.internal/)
    // As through a proxy on the same host.
    for (const header of ['x-forwarded-for', 'forwarded']) {
      const far = await ask(ingress.port, {path, headers: {[header]: '203.0.113.7'}})
      assert.equal(far.status, 503)
      assert.match(far.text, /shown on the host of the ingress only/)
      assert.doesNotMatch(far.text, /db\.internal|token/)
    }
  }
  const status = await ask(ingress.port, {path: '/-/status', headers: {'x-forwarded-for': '203.0.113.7'}})
  assert.equal(status.status, 403)
})
