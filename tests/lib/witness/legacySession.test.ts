// A held client of the legacy era starts over when its session is ended, also twice in one call, and not for ever.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import {legacySession} from '../../../scripts/lib/witness/legacySession.ts'

const ping = {method: 'ping', params: {}}

test('C6 X2 sessions that are ended one after the other are each begun again, and the call is answered', async t => {
  const session = await opened(t, 2)
  const {outcome} = await session.ask(ping)
  assert.equal(outcome.kind, 'result', outcome.summary)
  assert.deepEqual(session.fate(), {state: 'renewed', ended: 2, notRenewed: 0, sessionless: false})
})

test('C6 a server that ends every session is not asked for ever: the call fails loudly', async t => {
  const session = await opened(t, Number.POSITIVE_INFINITY)
  const {outcome} = await session.ask(ping)
  assert.deepEqual([outcome.kind === 'result', outcome.status], [false, 404])
  assert.equal(session.fate().ended, 2)
})

/** A session with a server that answers 404 to the first calls of whatever session. */
async function opened(t: TestContext, refusals: number) {
  let sessions = 0
  let refused = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const {id, method} = JSON.parse(body || '{}')
    const answer = (result: object, headers = {}) =>
      response
        .writeHead(200, {'content-type': 'application/json', ...headers})
        .end(JSON.stringify({jsonrpc: '2.0', id, result}))
    if (method === 'initialize') {
      sessions += 1
      const serverInfo = {name: 'ends sessions', version: '1'}
      answer({protocolVersion: '2025-11-25', capabilities: {}, serverInfo}, {'mcp-session-id': `session-${sessions}`})
    } else if (id === undefined) response.writeHead(202).end()
    else if (refused++ < refusals) response.writeHead(404).end()
    else answer({})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close().closeAllConnections())
  const session = legacySession({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    timeoutMs: 5000,
  })
  assert.equal((await session.open()).kind, 'result')
  return session
}
