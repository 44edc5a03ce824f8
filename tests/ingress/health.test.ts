import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Expectation} from '../../scripts/lib/expect/expectation.ts'
import {startFixture} from '../lib/mcp/startFixture.ts'
import {ask, copies, startIngress, startUpstream} from './harness.ts'

const probe = {tool: 'echo', arguments: {message: 'hello'}}
const base = (url: string) => new URL(url).origin

test('A2 C4 every server answers for its health in one form, and what only listens is not healthy', async t => {
  await using good = await startFixture('healthy')
  await using listsOnly = await startFixture('tools-fail')
  const listens = await startUpstream(t, (_request, response) => response.writeHead(200).end('ok'))
  const ingress = await startIngress(t)
  await ingress.route({
    good: {probe, health: '/health', copies: copies(['a', base(good.url), 'active'])},
    listens: {probe, health: '/healthz', copies: copies(['b', listens.url, 'active'])},
    lists: {probe, copies: copies(['c', base(listsOnly.url), 'active'])},
    unprobed: {copies: copies(['c', base(listsOnly.url), 'active'])},
    empty: {},
  })
  const health = async (name: string) => {
    const answer = await ask(ingress.port, {path: `/${name}/health`})
    return {http: answer.status, ...JSON.parse(answer.text)}
  }
  const found = await Promise.all(['good', 'listens', 'lists', 'unprobed', 'empty'].map(health))
  assert.deepEqual(
    found.map(({server, http, status, rung, own}) => [server, http, status, rung, own]),
    [
      ['good', 200, 'ok', 'call', {status: 200}],
      ['listens', 503, 'failing', 'http', {status: 200}],
      ['lists', 503, 'failing', 'list', null],
      ['unprobed', 200, 'ok', 'list', null],
      ['empty', 503, 'failing', 'none', null],
    ],
  )
  const form = 'checkedAt,copies,detail,http,instance,ms,own,release,rung,server,status'
  for (const one of found) {
    assert.equal(Object.keys(one).sort().join(), form)
    assert.deepEqual([one.instance, one.release], ['rehearsal-x', 'r1'])
    assert.ok(!Number.isNaN(Date.parse(one.checkedAt)) && one.detail.length > 0)
  }
  const whole = await ask(ingress.port, {path: '/health'})
  const {status, fleet, environment, servers} = JSON.parse(whole.text)
  assert.deepEqual([whole.status, status, fleet, environment], [503, 'failing', 'sample', 'staging'])
  assert.deepEqual(Object.keys(servers), ['good', 'listens', 'lists', 'unprobed', 'empty'])

  await ingress.route({good: {probe, copies: copies(['a', base(good.url), 'active'])}})
  const all = await ask(ingress.port, {path: '/health'})
  assert.deepEqual([all.status, JSON.parse(all.text).status], [200, 'ok'])

  // A server that is being removed is no fault of the fleet; one that only waits for its copy is not known to be well.
  const draining = copies(['b', base(good.url), 'draining'])
  const active = {probe, copies: copies(['a', base(good.url), 'active'])}
  await ingress.route({good: active, leaving: {probe, copies: draining}})
  const without = await ask(ingress.port, {path: '/health'})
  assert.deepEqual([without.status, Object.keys(JSON.parse(without.text).servers)], [200, ['good']])
  const hold = {maximumRequests: 9, maximumBytes: 999, maximumMs: 999}
  await ingress.route({good: active, waiting: {probe, copies: draining, hold}})
  assert.equal((await ask(ingress.port, {path: '/health'})).status, 503)
})

test('A2 the health of the ingress honours what the probe expects', async t => {
  await using refuses = await startFixture('tools-fail')
  await using answers = await startFixture('healthy')
  const ingress = await startIngress(t)
  const expecting = (url: string, expect: Partial<Expectation>) => ({
    probe: {...probe, expect: {outcome: 'result' as const, match: {}, ...expect}},
    copies: copies(['a', base(url), 'active']),
  })
  await ingress.route({
    refusal: expecting(refuses.url, {outcome: 'tool-error', text: 'not installed'}),
    text: expecting(answers.url, {text: 'hello'}),
    other: expecting(answers.url, {text: 'goodbye'}),
    match: expecting(answers.url, {match: {'$.content': {count: 2}}}),
  })
  const statuses = ['refusal', 'text', 'other', 'match'].map(async name => {
    const {status, text} = await ask(ingress.port, {path: `/${name}/health`})
    return [name, status, JSON.parse(text).detail]
  })
  const found = await Promise.all(statuses)
  assert.deepEqual(
    found.map(([name, status]) => [name, status]),
    [
      ['refusal', 200],
      ['text', 200],
      ['other', 503],
      ['match', 503],
    ],
  )
  assert.match(found[2]?.[2], /text should contain "goodbye"/)
})

test('many who ask for the health at once are served by one climb, and a new copy is never given the health of the old', async t => {
  const asked = [0, 0]
  const urls = await Promise.all(
    [0, 1].map(async at => {
      const listener = (_request: unknown, response: {writeHead(code: number): {end(): void}}) => {
        asked[at] = (asked[at] ?? 0) + 1
        response.writeHead(500).end()
      }
      return (await startUpstream(t, listener)).url
    }),
  )
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', urls[0] ?? '', 'active'])}})
  const once = async () => {
    const answer = await ask(ingress.port, {path: '/memory/health'})
    return JSON.parse(answer.text).checkedAt
  }
  const times = await Promise.all(Array.from({length: 20}, once))
  times.push(await once())
  assert.equal(new Set(times).size, 1)
  const before = asked[0] ?? 0
  assert.ok(before > 0 && before < 10, `${before} requests for 21 who asked`)
  await ingress.route({memory: {copies: copies(['b', urls[1] ?? '', 'active'])}})
  assert.notEqual(await once(), times[0])
  assert.ok((asked[1] ?? 0) > 0)
  assert.equal(asked[0], before)
})

test('the bearer token of probes comes from the environment of the ingress and stays out of its log and of clients', async t => {
  const seen: (string | undefined)[] = []
  const upstream = await startUpstream(t, (request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(401).end()
  })
  const ingress = await startIngress(t, {}, {env: {MEMORY_TOKEN: 'very-secret'}})
  await ingress.route({memory: {bearer: 'MEMORY_TOKEN', copies: copies(['a', upstream.url, 'active'])}})
  const answer = await ask(ingress.port, {path: '/memory/health'})
  assert.deepEqual(new Set(seen), new Set(['Bearer very-secret']))
  seen.length = 0
  await ask(ingress.port, {path: '/memory/mcp', body: '{}'})
  assert.deepEqual(seen, [undefined])
  const index = await ask(ingress.port, {path: '/'})
  assert.ok(!`${answer.text}${ingress.output()}${index.text}`.includes('very-secret'))
  assert.equal(JSON.parse(index.text).servers.memory.endpoint, '/memory/mcp')
})
