// The ingress is asked of each server on its own and within one deadline, whatever it answers.
import assert from 'node:assert/strict'
import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import {askHealth} from '../../../scripts/lib/instance/askHealth.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'

async function ingress(test: TestContext, listener: RequestListener): Promise<Instance> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  const names = ['well', 'sick', 'held', 'hangs', 'odd']
  return {
    ingress: {url: `http://127.0.0.1:${port}`},
    servers: names.map(name => ({name})),
  } as unknown as Instance
}

const ask = (instance: Instance, withinMs: number) =>
  askHealth(instance, {withinMs, signal: new AbortController().signal})

test('A2 each server is told apart, and one that hangs hides none of the others', async t => {
  const answers: Record<string, [number, string]> = {
    '/-/status': [200, '{}'],
    '/well/health': [200, '{"status":"ok","detail":"call add holds"}'],
    '/sick/health': [503, '{"status":"failing","detail":"call add: no such table"}'],
    '/held/health': [503, '{"status":"unknown","detail":"no copy is active; 1 requests wait for one"}'],
    '/odd/health': [200, 'all is well'],
  }
  const instance = await ingress(t, (request, response) => {
    const [status, text] = answers[request.url ?? ''] ?? []
    if (status !== undefined) response.writeHead(status).end(text)
  })
  const beganAt = performance.now()
  const {answersInMs, servers} = await ask(instance, 700)
  assert.ok(performance.now() - beganAt < 5000)
  assert.ok(answersInMs !== undefined)
  assert.deepEqual(servers, {
    well: {says: 'ok', detail: 'call add holds'},
    sick: {says: 'failing', detail: 'call add: no such table'},
    held: {says: 'held', detail: 'no copy is active; 1 requests wait for one'},
    hangs: {says: 'silent', detail: 'no answer within 0.7 s'},
    odd: {says: 'failing', detail: 'HTTP 200'},
  })
})

test('A2 an ingress that takes connections and answers nothing is silent', async t => {
  const {answersInMs, fault, servers} = await ask(await ingress(t, () => undefined), 200)
  assert.equal(answersInMs, undefined)
  assert.match(fault ?? '', /deadline|200 ms/)
  assert.equal(servers.well?.says, 'silent')
})

test('A2 where nothing listens, that is said at once', async () => {
  const instance = {ingress: {url: 'http://127.0.0.1:1'}, servers: [{name: 'well'}]} as unknown as Instance
  const {answersInMs, servers} = await ask(instance, 5000)
  assert.deepEqual([answersInMs, servers.well?.says], [undefined, 'silent'])
})
