// What a server tells each kind of client is seen whole, or it is said why it cannot be told; never half of it as a pass.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {makeContract, refused} from '../../../scripts/lib/contract/contract.ts'
import {observeViews} from '../../../scripts/lib/contract/observe/observeViews.ts'
import {startFixture} from '../mcp/startFixture.ts'

const tool = (name: string, more: object = {}) => ({name, inputSchema: {type: 'object'}, ...more})
const bounds = {timeoutMs: 10_000, maximumBytes: 10_000_000, own: {}}

async function observed(fixture: string, env: Record<string, string> = {}, more: object = {}) {
  await using server = await startFixture(fixture, env)
  const signal = AbortSignal.timeout(30_000)
  return await observeViews({url: server.url, headers: {}, ...bounds, signal, ...more})
}

const faults = ({views}: Awaited<ReturnType<typeof observed>>) => views.map(({fault}) => fault)

test('X5 X6 a server of both eras is seen in each, by a bare client and by one that can do more', async () => {
  const {views, notSpoken} = await observed('healthy')
  assert.deepEqual(views.map(({view}) => view).sort(), [
    'legacy, bare, anonymous',
    'legacy, full, anonymous',
    'modern, bare, anonymous',
    'modern, full, anonymous',
  ])
  assert.deepEqual(notSpoken, [])
  for (const {surface, fault} of views) {
    assert.equal(fault, undefined)
    assert.deepEqual(
      surface?.tools.map(({name}) => name),
      ['add', 'echo'],
    )
  }
  const modern = views.find(({view}) => view === 'modern, bare, anonymous')
  assert.deepEqual(modern?.surface?.caching.tools, {ttlMs: 60000, cacheScope: 'public'})
})

for (const [era, other] of [
  ['legacy', 'modern'],
  ['modern', 'legacy'],
] as const)
  test(`X5 a server of the ${era} era alone is seen in it, and how it refused the other is told`, async () => {
    const {views, notSpoken} = await observed('healthy', {ERA: era})
    assert.deepEqual([...new Set(views.map(view => view.era))], [era])
    assert.deepEqual(
      notSpoken.map(one => one.era),
      [other],
    )
    assert.match(notSpoken[0]?.why ?? '', /JSON-RPC error|HTTP/)
  })

test('X5 a server that wants a token is seen with it, and that it refuses strangers belongs to the contract', async () => {
  const {views} = await observed(
    'needs-auth',
    {TOKEN: 'token-of-the-test'},
    {headers: {authorization: 'Bearer token-of-the-test'}},
  )
  assert.ok(views.some(({scope, surface}) => scope === 'authorised' && surface !== undefined))
  const stranger = views.find(({scope}) => scope === 'anonymous')
  assert.equal(stranger?.surface, undefined)
  assert.match(stranger?.refused ?? '', /^HTTP 401/)
})

test('X6 a server with 2,000 tools whose names need quoting is seen whole, page by page', async () => {
  const {views} = await observed('shaped', {MANY: '2000'})
  for (const {surface, fault, order} of views) {
    assert.equal(fault, undefined)
    assert.equal(surface?.tools.length, 2000)
    assert.equal(order[0], 'tool/0~"ö')
  }
  const contract = makeContract('many', Object.fromEntries(views.map(({view, surface}) => [view, surface ?? refused])))
  assert.equal(Object.keys(contract.surfaces).length, 2, 'views of one era are told the same, which is kept once')
})

test('X6 the order of a list is no part of a contract', async () => {
  const tools = [tool('a'), tool('b'), tool('c')]
  const one = await observed('shaped', {TOOLS: JSON.stringify(tools)})
  const other = await observed('shaped', {TOOLS: JSON.stringify([...tools].reverse())})
  const digest = ({views}: typeof one) =>
    makeContract('x', Object.fromEntries(views.map(({view, surface}) => [view, surface ?? refused]))).digest
  assert.equal(digest(one), digest(other))
  assert.notDeepEqual(one.views[0]?.order, other.views[0]?.order)
})

const bad: [string, Record<string, string>, RegExp][] = [
  ['changes while it is observed', {WAYS: 'changes'}, /still changes after \d+ ms/],
  ['lists a name twice', {WAYS: 'twice', TOOLS: JSON.stringify([tool('a')])}, /tools: "a" is listed twice/],
  [
    'tells bytes that are not UTF-8',
    {WAYS: 'latin1', TOOLS: JSON.stringify([tool('a', {description: 'ö'})])},
    /not UTF-8/,
  ],
  ['lists a tool without a name', {WAYS: 'nameless'}, /tools\[0\] of page 1 has no name/],
  ['lists without end', {WAYS: 'endless'}, /nextCursor of page \d+ was given before/],
]
for (const [what, env, fault] of bad)
  test(`X6 a server that ${what} has no contract to speak of, and that is said`, async () => {
    const seen = await observed('shaped', env)
    assert.ok(seen.views.length > 0)
    for (const one of faults(seen)) assert.match(one ?? 'no fault', fault)
    assert.ok(seen.views.every(({surface}) => surface === undefined))
  })

for (const fixture of ['silent', 'not-json', 'answers-500'])
  test(`X6 of ${fixture} nothing is taken for a contract`, async () => {
    const seen = await observed(fixture, {}, {timeoutMs: 1500, maximumBytes: 100_000})
    assert.ok(seen.views.every(({surface}) => surface === undefined))
    assert.ok(faults(seen).some(fault => fault !== undefined))
  })

test('X6 what belongs to one copy alone is taken out, so that two copies can be compared', async () => {
  const TOOLS = JSON.stringify([tool('a', {description: 'reads below /srv/one/state'})])
  const {views} = await observed('shaped', {TOOLS}, {own: {state: '/srv/one/state', folder: '/srv/one'}})
  assert.equal(views[0]?.surface?.tools[0]?.description, 'reads below {state}')
})

test('X6 a list that is larger than what may be read is a fault, not half a contract', async () => {
  const seen = await observed('shaped', {MANY: '2000'}, {maximumBytes: 20_000})
  assert.ok(seen.views.length > 0)
  for (const one of faults(seen)) assert.match(one ?? 'no fault', /too large/)
})
