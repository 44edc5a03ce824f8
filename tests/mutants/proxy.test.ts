// Each mutation of the proxy does what it says, in JSON and in streams, and only when it is to.
import assert from 'node:assert/strict'
import {type TestContext, test} from 'node:test'
import {mutants} from './list/index.ts'
import type {MutationSpec} from './proxy/mutation.ts'
import {mutationKinds} from './proxy/startProxy.ts'
import {type Answered, type Behind, behindProxy} from './proxyRig.ts'

type Tools = {name: string; description?: string; inputSchema?: {required?: string[]}}[]

const toolsOf = ({message}: Answered) => (message as unknown as {result: {tools: Tools}}).result.tools
const names = (answered: Answered) => toolsOf(answered).map(({name}) => name)
const textOf = ({message}: Answered) =>
  (message as unknown as {result: {content: {text: string}[]}}).result.content[0]?.text
const call = ({ask}: Behind, name = 'echo', values: object = {message: 'ahoy'}) =>
  ask('tools/call', {name, arguments: values})

const both = (specs: MutationSpec[], check: (behind: Behind) => Promise<void>) => async (t: TestContext) => {
  for (const sse of [false, true]) await check(await behindProxy(t, specs, {sse}))
}

test(
  'without mutations everything passes through as it is',
  both([], async behind => {
    assert.deepEqual(names(await behind.ask('tools/list')), ['add', 'echo'])
    assert.equal(textOf(await call(behind)), '{"message":"ahoy"}')
    assert.equal((await behind.ask('nonsense')).status, 404)
    assert.equal(behind.reached.length, 3)
  }),
)

const lists: [string, MutationSpec[], string[]][] = [
  ['drop', [{kind: 'drop', name: 'add'}], ['echo']],
  ['add', [{kind: 'add', item: {name: 'more'}}], ['add', 'echo', 'more']],
  ['add-first', [{kind: 'add-first', item: {name: 'more'}}], ['more', 'add', 'echo']],
  ['reverse', [{kind: 'reverse'}], ['echo', 'add']],
  ['double', [{kind: 'double'}], ['add', 'add', 'echo']],
  ['grow', [{kind: 'grow', item: {name: 'new'}}], ['add', 'echo', 'new-1']],
  ['of-connection', [{kind: 'of-connection', item: {name: 'of'}}], ['add', 'echo', 'of-1']],
  ['rotate-of-connection', [{kind: 'rotate-of-connection'}], ['echo', 'add']],
  ['rename', [{kind: 'rename', name: 'add', to: 'plus'}], ['plus', 'echo']],
  [
    'one after the other',
    [
      {kind: 'drop', name: 'add'},
      {kind: 'drop', name: 'echo'},
    ],
    [],
  ],
]
for (const [title, specs, expected] of lists)
  test(
    `the list of tools: ${title}`,
    both(specs, async ({ask}) => assert.deepEqual(names(await ask('tools/list')), expected)),
  )

test(
  'what is renamed is called by its new name',
  both([{kind: 'rename', name: 'add', to: 'plus'}], async behind => {
    assert.equal(textOf(await call(behind, 'plus')), '{"message":"ahoy"}')
  }),
)

test(
  'a pointer sets, appends and takes away',
  both(
    [
      {kind: 'patch', name: 'add', pointer: '/inputSchema/required/-', value: 'b'},
      {kind: 'patch', name: 'echo', pointer: '/description'},
      {kind: 'patch', name: 'echo', pointer: '/annotations/readOnlyHint', value: true},
    ],
    async ({ask}) => {
      const [add, echo] = toolsOf(await ask('tools/list'))
      assert.deepEqual(add?.inputSchema?.required, ['a', 'b'])
      assert.deepEqual(echo, {name: 'echo', inputSchema: {type: 'object'}, annotations: {readOnlyHint: true}})
    },
  ),
)

test(
  'a result is changed by method, and texts wherever they stand',
  both(
    [
      {kind: 'result', pointer: '/capabilities/prompts', when: {method: 'initialize'}},
      {kind: 'text', from: 'ahoy', to: 'adieu'},
    ],
    async behind => {
      assert.deepEqual((await behind.ask('initialize')).message?.result, {
        protocolVersion: '2025-11-25',
        capabilities: {tools: {}},
      })
      assert.equal(textOf(await call(behind)), '{"message":"adieu"}')
    },
  ),
)

test('answers are swallowed, mixed up and disguised', async t => {
  const behind = (...specs: MutationSpec[]) => behindProxy(t, specs)
  const swallowed = await call(await behind({kind: 'swallow'}))
  assert.deepEqual([swallowed.status, swallowed.message], [200, undefined])
  assert.equal((await call(await behind({kind: 'other-id'}))).message?.id, 1007)
  const mixed = await behind({kind: 'earlier-result'})
  await call(mixed, 'add', {a: 1})
  assert.equal(textOf(await call(mixed)), '{"a":1}')
  const hidden = await call(await behind({kind: 'hide-error'}), 'nothing')
  assert.deepEqual(hidden.message?.result, {content: [{type: 'text', text: 'unknown'}]})
  const disguised = await (await behind({kind: 'error-as-text'}, {kind: 'status', from: 404, to: 200})).ask('nonsense')
  assert.deepEqual([disguised.status, textOf(disguised)], [200, 'Error: no'])
  const failed = await call(await behind({kind: 'rpc-error', code: -1, text: 'gone'}))
  assert.deepEqual(failed.message, {jsonrpc: '2.0', id: 7, error: {code: -1, message: 'gone'}})
  const refused = await call(await behind({kind: 'tool-error', text: 'broken'}))
  assert.equal((refused.message as unknown as {result: {isError: boolean}}).result.isError, true)
  const large = await call(await behind({kind: 'enlarge', bytes: 5000}))
  assert.ok(large.text.length > 5000)
})

test('answers are delayed, broken and put into another form', async t => {
  const behind = (spec: MutationSpec, sse = false) => behindProxy(t, [spec], {sse})
  const beganAt = performance.now()
  await call(await behind({kind: 'delay', ms: 80}))
  assert.ok(performance.now() - beganAt >= 79)
  await assert.rejects(call(await behind({kind: 'cut'})))
  assert.equal((await call(await behind({kind: 'not-json'}))).text, '{"jsonrpc":')
  assert.equal(
    (await call(await behind({kind: 'header', name: 'content-type', value: 'text/html'}))).headers.get('content-type'),
    'text/html',
  )
  assert.equal((await call(await behind({kind: 'header', name: 'content-type'}))).headers.get('content-type'), null)
  const replaced = await call(await behind({kind: 'replace', status: 502, value: {a: 1}}))
  assert.deepEqual([replaced.status, replaced.text], [502, '{"a":1}'])
  const streamed = await call(await behind({kind: 'as-sse'}))
  assert.deepEqual([streamed.headers.get('content-type'), streamed.message?.id], ['text/event-stream', 7])
  const plain = await call(await behind({kind: 'as-json'}, true))
  assert.deepEqual([plain.headers.get('content-type'), plain.message?.id], ['application/json', 7])
  const commented = await call(await behind({kind: 'sse-comments'}, true))
  assert.match(commented.text, /^: keep-alive\n/)
  assert.equal(commented.message?.id, 7)
  const pretty = await call(await behind({kind: 'pretty'}))
  assert.match(pretty.text, /\n {2}"/)
  assert.equal(pretty.message?.id, 7)
})

test('an answer that hangs or never ends is given up by its client alone', async t => {
  for (const kind of ['hang', 'endless']) {
    const {ask} = await behindProxy(t, [{kind, when: {tool: 'echo'}}])
    const answer = ask('tools/call', {name: 'echo'}).then(() => 'ended')
    const later = new Promise(resolve => setTimeout(resolve, 150, 'still waiting'))
    assert.equal(await Promise.race([answer.catch(() => 'failed'), later]), 'still waiting')
  }
})

test('a call is made twice, or not at all', async t => {
  const twice = await behindProxy(t, [{kind: 'twice', when: {tool: 'echo'}}])
  assert.equal(textOf(await call(twice)), '{"message":"ahoy"}')
  assert.equal(twice.reached.length, 2)
  const never = await behindProxy(t, [{kind: 'not-done', when: {tool: 'echo', from: 2}}])
  for (const _ of [1, 2, 3]) assert.equal(textOf(await call(never)), '{"message":"ahoy"}')
  assert.equal(never.reached.length, 1)
})

test('headers do not arrive, arrive as others, or agree with the body', async t => {
  const blind = await behindProxy(t, [{kind: 'blind-to', headers: ['origin']}])
  await blind.ask('tools/list', {}, {headers: {origin: 'https://a.example'}})
  assert.equal(blind.reached[0]?.headers.origin, undefined)
  const taken = await behindProxy(t, [{kind: 'takes-for', header: 'x-a', value: 'b', absent: true}])
  await taken.ask('tools/list')
  await taken.ask('tools/list', {}, {headers: {'x-a': 'own'}})
  assert.deepEqual(
    taken.reached.map(({headers}) => headers['x-a']),
    ['b', 'own'],
  )
  const present = await behindProxy(t, [{kind: 'takes-for', header: 'x-a', value: 'b', present: true}])
  await present.ask('tools/list')
  await present.ask('tools/list', {}, {headers: {'x-a': 'own'}})
  assert.deepEqual(
    present.reached.map(({headers}) => headers['x-a']),
    [undefined, 'b'],
  )
  const fixed = await behindProxy(t, [{kind: 'fixes-headers'}])
  const _meta = {'io.modelcontextprotocol/protocolVersion': '2026-07-28'}
  await fixed.ask('tools/call', {name: 'echo', _meta}, {headers: {'mcp-method': 'tools/list', 'mcp-name': 'add'}})
  assert.deepEqual(
    [fixed.reached[0]?.headers['mcp-method'], fixed.reached[0]?.headers['mcp-name']],
    ['tools/call', 'echo'],
  )
})

test('broken JSON is taken, sessions are shared or have other ids, and DELETE is heard', async t => {
  const taking = await behindProxy(t, [{kind: 'takes-anything'}])
  assert.equal((await taking.ask('', {}, {body: '{"a":'})).status, 200)
  const shared = await behindProxy(t, [{kind: 'one-session'}])
  const ids = [await shared.ask('initialize'), await shared.ask('initialize')].map(one =>
    one.headers.get('mcp-session-id'),
  )
  assert.deepEqual(ids, ['s1', 's1'])
  await shared.ask('tools/list', {}, {headers: {'mcp-session-id': 'unknown'}})
  assert.equal(shared.reached[2]?.headers['mcp-session-id'], 's1')
  const formed = await behindProxy(t, [{kind: 'session-form', prefix: 'v2/'}])
  assert.equal((await formed.ask('initialize')).headers.get('mcp-session-id'), 'v2/s1')
  await formed.ask('tools/list', {}, {headers: {'mcp-session-id': 'v2/s1'}})
  assert.equal(formed.reached[1]?.headers['mcp-session-id'], 's1')
  const kept = await behindProxy(t, [{kind: 'replace', status: 200, value: {}, when: {http: 'DELETE'}}])
  assert.equal((await kept.ask('', {}, {http: 'DELETE'})).status, 200)
  assert.equal(kept.reached.length, 0)
  const page = await behindProxy(t, [{kind: 'replace', status: 200, value: {a: 1}, when: {http: 'GET'}}])
  assert.equal((await page.ask('', {}, {http: 'GET', headers: {accept: 'text/event-stream'}})).text, '{"a":1}')
})

test('a condition holds for its method, era, tool, route, clients and turn alone', async t => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {roots: {}},
  }
  const listed = async (when: MutationSpec['when'], params = {}, headers = {}, extraCopy = false) => {
    const {ask} = await behindProxy(t, [{kind: 'drop', name: 'add', when}], {extraCopy})
    return names(await ask('tools/list', params, {headers})).length === 1
  }
  assert.equal(await listed({era: 'modern'}, {_meta: meta}), true)
  assert.equal(await listed({era: 'modern'}), false)
  assert.equal(await listed({able: true}, {_meta: meta}), true)
  assert.equal(await listed({able: true}), false)
  assert.equal(await listed({ingress: true}, {}, {'x-forwarded-for': '127.0.0.1'}), true)
  assert.equal(await listed({ingress: true}), false)
  assert.equal(await listed({extraCopy: true}, {}, {}, true), true)
  assert.equal(await listed({extraCopy: true}), false)
  assert.equal(await listed({method: 'tools/call'}), false)
  assert.equal(await listed({tool: 'add'}), false)
  const {ask} = await behindProxy(t, [{kind: 'drop', name: 'add', when: {from: 3, every: 2}}])
  const turns: number[] = []
  for (const _ of [1, 2, 3, 4, 5, 6]) turns.push(names(await ask('tools/list')).length)
  assert.deepEqual(turns, [2, 2, 2, 1, 2, 1])
})

test('every mutation of the list is one that the proxy knows, and names are used once', () => {
  const used = new Set(mutants.flatMap(({change}) => change.traffic?.map(({kind}) => kind) ?? []))
  assert.deepEqual(
    [...used].filter(kind => !mutationKinds.includes(kind)),
    [],
  )
  assert.deepEqual(
    mutationKinds.filter(kind => !used.has(kind)),
    [],
  )
  assert.equal(new Set(mutants.map(({name}) => name)).size, mutants.length)
})
