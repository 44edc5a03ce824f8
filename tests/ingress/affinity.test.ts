import assert from 'node:assert/strict'
import {test} from 'node:test'
import {ask, call, copies, initialize, open, sessionServer, startIngress, startUpstream, until} from './harness.ts'

const by = async (port: number, session?: string, method?: string) => {
  const headers: {[name: string]: string} = session === undefined ? {} : {'mcp-session-id': session}
  const {status, text} = await ask(port, {
    path: '/memory/mcp',
    headers,
    method,
    body: method === 'DELETE' ? undefined : call,
  })
  return status === 200 ? JSON.parse(text).by : status
}

const begin = async (port: number) => {
  const {headers} = await ask(port, {path: '/memory/mcp', body: initialize})
  return String(headers['mcp-session-id'])
}

test('B12 a session stays with the copy that minted it while new traffic goes to the new one, until the old has ended', async t => {
  const old = await startUpstream(t, sessionServer('old'))
  const next = await startUpstream(t, sessionServer('next'))
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', old.url, 'active'])}})
  const [first, second] = [await begin(ingress.port), await begin(ingress.port)]
  assert.deepEqual([first, second], ['old-1', 'old-2'])

  await ingress.route({memory: {copies: copies(['a', old.url, 'draining'], ['b', next.url, 'active'])}})
  assert.equal(await by(ingress.port, first), 'old')
  assert.equal(await by(ingress.port), 'next')
  assert.equal(await begin(ingress.port), 'next-1')
  assert.deepEqual((await ingress.statusFile()).servers.memory?.copies.a, {
    state: 'draining',
    inFlight: 0,
    streams: 0,
    sessions: 2,
  })

  assert.equal(await by(ingress.port, first, 'DELETE'), 'old')
  await until(
    async () => (await ingress.statusFile()).servers.memory?.copies.a?.sessions === 1,
    () => 'the status file to tell that one session is left',
    2000,
  )

  const stream = await open(ingress.port, {
    path: '/memory/mcp',
    method: 'POST',
    headers: {'mcp-session-id': second},
    body: call,
  })
  stream.response.resume()
  await ingress.route({memory: {copies: copies(['a', old.url, 'ended'], ['b', next.url, 'active'])}})
  const gone = await ask(ingress.port, {path: '/memory/mcp', headers: {'mcp-session-id': second}, body: call})
  assert.equal(gone.status, 404)
  assert.deepEqual(JSON.parse(gone.text), {jsonrpc: '2.0', id: 7, error: {code: -32001, message: 'Session not found'}})
  await ingress.route({memory: {copies: copies(['b', next.url, 'active'])}})
  assert.equal(await by(ingress.port, second), 404, 'also when the copy is no longer listed')
  assert.equal(await by(ingress.port, 'next-1'), 'next')
})

test('an open stream of a copy that ends is cut, so that its client comes back and is told to start over', async t => {
  const old = await startUpstream(t, (_request, response) => {
    response.writeHead(200, {'content-type': 'text/event-stream'}).write('data: 1\n\n')
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', old.url, 'active'])}})
  const {response} = await open(ingress.port, {path: '/memory/mcp'})
  const closed = new Promise(resolve =>
    response
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  )
  await ingress.route({memory: {copies: copies(['a', old.url, 'ended'])}})
  await closed
  assert.equal(response.complete, false)
})

test('after a restart of the ingress a session is found again at the copy that knows it, and kept there', async t => {
  const [seenByOld, seenByNext]: string[][] = [[], []]
  const old = await startUpstream(t, sessionServer('old', seenByOld))
  const next = await startUpstream(t, sessionServer('next', seenByNext))
  await ask(old.port, {path: '/mcp', body: initialize})
  await ask(next.port, {path: '/mcp', body: initialize})
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', old.url, 'draining'], ['b', next.url, 'active'])}})
  assert.equal(await by(ingress.port, 'old-1'), 'old')
  assert.equal(await by(ingress.port, 'old-1'), 'old')
  assert.equal(seenByNext?.filter(line => line.includes('tools/call')).length, 1, 'the other copy was asked once')
  assert.equal(await by(ingress.port, 'next-1'), 'next')
  assert.equal(await by(ingress.port, 'nobody-1'), 404)
})
