import assert from 'node:assert/strict'
import {once} from 'node:events'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, type TestContext, test} from 'node:test'
import {expectation} from '../../../scripts/lib/expect/expectation.ts'
import {judgeExpectation} from '../../../scripts/lib/expect/judgeExpectation.ts'
import {climb, type LadderOptions} from '../../../scripts/lib/mcp/ladder.ts'
import type {Outcome} from '../../../scripts/lib/mcp/outcome.ts'
import {startFixture} from './startFixture.ts'

const probe = {tool: 'echo', arguments: {message: 'hello'}}
const up = (url: string, more: Partial<LadderOptions> = {}) => climb({url, timeoutMs: 3000, probe, ...more})

describe('servers that misbehave', {concurrency: 6}, () => {
  // One row a misbehaving server: how deep it seems well, and what the failing rung shows.
  for (const [name, reached, kind, timeoutMs] of [
    ['answers-500', 'tcp', 'http-error', 3000],
    ['rpc-error', 'tcp', 'rpc-error', 3000],
    ['silent', 'tcp', 'no-response', 3000],
    ['not-json', 'tcp', 'not-mcp', 3000],
    ['needs-auth', 'tcp', 'auth-required', 3000],
    ['hangs', 'tcp', 'deadline', 250],
    ['endless-stream', 'tcp', 'deadline', 250],
    ['slow', 'tcp', 'deadline', 250],
    ['tools-fail', 'list', 'tool-error', 3000],
    ['wrong-shape', 'list', 'schema-mismatch', 3000],
    ['dies-in-call', 'list', 'closed', 3000],
    ['too-large', 'list', 'too-large', 3000],
  ] as const) {
    for (const era of ['auto', 'legacy'] as const) {
      test(`A2 C4 ${name} holds up to ${reached} and then shows ${kind} (${era})`, async () => {
        await using server = await startFixture(name)
        const result = await up(server.url, {era, timeoutMs})
        assert.equal(result.holds, false)
        assert.equal(result.reached, reached, result.summary)
        assert.equal(result.rungs.at(-1)?.kind, kind, result.summary)
        assert.ok(result.rungs.every(rung => rung.ms >= 0 && rung.summary.length > 0))
      })
    }
  }
})

describe('redirects', () => {
  const redirecting = async (t: TestContext, location: (port: number, behind: string) => string) => {
    const behind = await startFixture('healthy')
    t.after(() => behind[Symbol.asyncDispose]())
    const server = http.createServer((request, response) => {
      if (request.url === '/mcp') {
        const {port} = server.address() as AddressInfo
        return void response.writeHead(307, {location: location(port, behind.url)}).end()
      }
      const {method, headers} = request
      request.pipe(
        http.request(behind.url, {method, headers}, answer => {
          response.writeHead(answer.statusCode ?? 0, answer.headers)
          answer.pipe(response)
        }),
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.closeAllConnections())
    t.after(() => server.close())
    return up(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  }

  test('A2 C4 a redirect to another path of the server is followed to name the endpoint that works', async t => {
    for (const location of ['/mcp/', 'absolute']) {
      const found = await redirecting(t, port => (location === '/mcp/' ? location : `http://127.0.0.1:${port}/mcp/`))
      assert.equal(found.holds, false)
      assert.equal(found.movedTo, '/mcp/')
      assert.match(found.summary, /HTTP 307 to .*; it answers at \/mcp\/: set endpoint: \/mcp\/ in the fleet file$/)
    }
  })

  test('A2 C4 a redirect to another server is not followed, and one to nowhere is no endpoint', async t => {
    const elsewhere = await redirecting(t, (_port, behind) => behind)
    assert.deepEqual([elsewhere.holds, elsewhere.movedTo], [false, undefined])
    const itself = await redirecting(t, () => '/mcp')
    assert.deepEqual([itself.holds, itself.movedTo], [false, undefined])
  })
})

test('A2 C4 a healthy server holds up to its call, with the time of each rung', async () => {
  await using server = await startFixture('healthy')
  const result = await up(server.url, {healthPath: '/health'})
  assert.deepEqual([result.holds, result.reached, result.depth], [true, 'call', 'call'])
  assert.deepEqual(
    result.rungs.map(rung => rung.name),
    ['tcp', 'http', 'open', 'list', 'call'],
  )
  assert.ok(result.rungs.every(rung => rung.ok))
  assert.deepEqual([result.era, result.tools], ['modern', ['add', 'echo']])
})

test('A2 without a declared call the ladder ends at list and says so', async () => {
  await using server = await startFixture('tools-fail')
  const result = await up(server.url, {probe: undefined})
  assert.deepEqual([result.holds, result.reached, result.depth], [true, 'list', 'list'])
  assert.match(result.summary, /no safe tool call is declared/)
})

test('A2 a missing health path is told and does not end the climb', async () => {
  await using server = await startFixture('healthy')
  const result = await up(server.url, {healthPath: '/nowhere'})
  assert.equal(result.holds, true)
  const rung = result.rungs.find(one => one.name === 'http')
  assert.deepEqual([rung?.ok, rung?.informative, rung?.status], [false, true, 404])
})

test('A2 a call that answers something else than expected does not hold', async () => {
  await using server = await startFixture('healthy')
  const result = await up(server.url, {
    expect: seen => (JSON.stringify(seen).includes('goodbye') ? [] : ['has no "goodbye"']),
  })
  assert.deepEqual([result.holds, result.reached], [false, 'list'])
  assert.match(result.summary, /has no "goodbye"/)
})

const wanting =
  (more: object) =>
  (outcome: Outcome): string[] =>
    judgeExpectation(outcome, expectation.parse(more))

test('A2 a refusal that the probe expects holds, with its text, and any other outcome does not', async () => {
  await using server = await startFixture('tools-fail')
  const refused = await up(server.url, {expect: wanting({outcome: 'tool-error', text: 'not installed'})})
  assert.deepEqual([refused.holds, refused.reached], [true, 'call'])
  const otherwise = await up(server.url, {expect: wanting({outcome: 'tool-error', text: 'upstream'})})
  assert.match(otherwise.summary, /failed at rung call .*text should contain "upstream"/)
  assert.equal((await up(server.url, {expect: wanting({})})).holds, false)
  await using good = await startFixture('healthy')
  const answers = await up(good.url, {expect: wanting({outcome: 'tool-error'})})
  assert.match(answers.summary, /should end as tool-error, ended as result/)
  assert.equal(answers.rungs.at(-1)?.kind, 'bad-result')
})

test('A2 every other key of expect holds in the probe as well', async () => {
  await using server = await startFixture('healthy')
  for (const [more, fault] of [
    [{latencyMs: 0.001}, /should answer within 0\.001 ms/],
    [{schema: {type: 'object', required: ['nothing']}}, /structuredContent .*nothing/],
    [{match: {'$.content[0].text': {equals: 'other'}}}, /should be "other"/],
    [{cost: {path: '$.structuredContent.cost', atMost: 1}}, /should give a cost/],
  ] as const)
    assert.match((await up(server.url, {expect: wanting(more)})).summary, fault)
  assert.equal((await up(server.url, {expect: wanting({match: {'$.content[0].text': {exists: true}}})})).holds, true)
})

test('A2 a server that is not there reaches none', async () => {
  const server = await startFixture('healthy')
  await server.stop()
  const result = await up(server.url)
  assert.deepEqual([result.holds, result.reached, result.rungs.map(rung => rung.kind)], [false, 'none', ['refused']])
})

test('A2 a server that dies after a while is seen to have gone', async () => {
  await using server = await startFixture('dies-after', {DIE_AFTER_MS: '1500'})
  assert.equal((await up(server.url)).holds, true)
  const deadline = Date.now() + 5000
  while ((await up(server.url)).holds) assert.ok(Date.now() < deadline, 'still there after 5 s')
})

test('a token opens a server that needs one', async () => {
  await using server = await startFixture('needs-auth', {TOKEN: 'open-sesame'})
  assert.equal((await up(server.url)).holds, false)
  assert.equal((await up(server.url, {headers: {authorization: 'Bearer open-sesame'}})).holds, true)
})

test('a cancelled climb ends at once', async () => {
  await using server = await startFixture('hangs')
  const startedAt = Date.now()
  const result = await up(server.url, {signal: AbortSignal.timeout(100), timeoutMs: 30_000})
  assert.equal(result.rungs.at(-1)?.kind, 'cancelled')
  assert.ok(Date.now() - startedAt < 5000)
})
