// X9: which known clients and proxies a release breaks, by what is measured on a real server and by what the journal knows.
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'
import type {Check} from '../../../scripts/phases/phase.ts'
import {clientTable, type Patience} from '../../../scripts/phases/timeouts/clientTable.ts'
import {coldStart, type TimesSeen} from '../../../scripts/phases/timeouts/timesSeen.ts'
import {waitedForProcessor} from '../../../scripts/phases/timeouts/waitedForProcessor.ts'
import {timeouts} from '../../../scripts/phases/timeouts.ts'
import {temporaryFolder} from '../../lib/temporaryFolder.ts'
import {settingsOf} from '../phaseRig.ts'
import {type StartOptions, startServer} from '../startedServer.ts'

const part = timeouts.server
assert.ok(part)

async function measured(test: TestContext, options: StartOptions = {}): Promise<TimesSeen> {
  const {context, server} = await startServer(test, {
    settings: {probe: {tool: 'echo', arguments: {message: 'x'}}},
    ...options,
  })
  return structuredClone(await part?.observe(context, server)) as TimesSeen
}

const judged = (seen: TimesSeen, patience: Patience[] = seen.patience): Record<string, Check> =>
  Object.fromEntries((part?.judge({...seen, patience}, settingsOf()) ?? []).map(check => [check.name, check]))

const quick: TimesSeen = {
  patience: [
    {name: 'Hasty', startMs: 5000, requestMs: 5000},
    {name: 'Proxy', requestMs: 29_000},
    {name: 'Calm', startMs: 60_000},
  ],
  coldStartMs: 900,
  load: {average: 0.5, processors: 2},
  handshakesMs: [20, 30],
  probe: {tool: 'echo', callsMs: Array.from({length: 300}, () => 4)},
  declared: [{title: 'sums', ms: 12}],
}

test('X9 a healthy server breaks nobody; a rehearsal is asked often enough to speak of 99 %', async t => {
  const seen = await measured(t, {entries: deployed(1200)})
  const checks = judged(seen)
  assert.deepEqual(
    Object.values(checks).map(({name, verdict}) => [name, verdict]),
    [
      ['cold-start', 'pass'],
      ['handshake', 'pass'],
      ['tool', 'pass'],
      ['declared-calls', 'skip'],
    ],
  )
  assert.equal(seen.handshakesMs.length, 5)
  const calls = seen.probe?.callsMs.length ?? 0
  assert.ok(calls >= 5 && calls <= 300, `${calls}`)
})

test('X9 live is asked no more than 60 times', async t => {
  const seen = await measured(t, {instance: 'live'})
  assert.ok((seen.probe?.callsMs.length ?? 0) <= 60)
})

test('X9 a slow tool breaks those who wait less, and they are named', async t => {
  const program =
    'serve({call: async () => { await pause(60); return {content: [{type: "text", text: "x"}], structuredContent: {message: "x"}} }})'
  const seen = await measured(t, {program})
  const {tool} = judged(seen, [
    {name: 'Hasty', requestMs: 50},
    {name: 'Slow', requestMs: 600_000},
  ])
  assert.equal(tool?.verdict, 'fail')
  assert.match(tool?.detail ?? '', /% of the calls of echo take at most .* this release breaks Hasty \(0\.05 s\)$/)
  assert.equal(tool?.limit, 50)
})

test('X9 a slow handshake breaks those who wait less for it', async t => {
  const program =
    'serve({first: async message => { if (/initialize|discover/.test(message?.method)) await pause(60) }})'
  const {handshake, tool} = judged(await measured(t, {program}), [{name: 'Hasty', startMs: 50, requestMs: 600_000}])
  assert.equal(handshake?.verdict, 'fail')
  assert.match(handshake?.detail ?? '', /^the slowest of 5 handshakes took .*: this release breaks Hasty/)
  assert.equal(tool?.verdict, 'pass')
})

test('X9 a server that limits calls is not asked on, and too few calls are too little evidence', async t => {
  const program = `let calls = 0
serve({first: (message, request, response) => message?.method === 'tools/call' && ++calls > 3 && (response.writeHead(429).end(), true)})`
  const seen = await measured(t, {program})
  assert.equal(seen.probe?.callsMs.length, 3)
  const {tool} = judged(seen)
  assert.equal(tool?.verdict, 'inconclusive')
  assert.match(tool?.detail ?? '', /^3 of 5 calls of echo: too few to speak of their time; then .*429/)
})

test('X9 without a probe no call is repeated', async t => {
  const {tool} = judged(await measured(t, {settings: {}}))
  assert.equal(tool?.verdict, 'skip')
})

test('X9 a slow cold start breaks those who wait less, unless the machine was too busy to tell', () => {
  const slow = judged({...quick, coldStartMs: 12_000})['cold-start']
  assert.deepEqual([slow?.verdict, slow?.value, slow?.limit], ['fail', 12_000, 5000])
  assert.equal(slow?.detail, 'ready 12.0 s after its start: this release breaks Hasty (5 s)')
  const busy = judged({...quick, coldStartMs: 12_000, load: {average: 9, processors: 2}})['cold-start']
  assert.equal(busy?.verdict, 'inconclusive')
  assert.match(busy?.detail ?? '', /^ready 12\.0 s after its start: too long for Hasty \(5 s\), .* cannot be known/)
  assert.equal(judged({...quick, load: {average: 9, processors: 2}})['cold-start']?.verdict, 'pass')
  assert.equal(judged({...quick, coldStartMs: undefined})['cold-start']?.verdict, 'skip')
})

test('X9 a start is told as long as it was, and only what it can have waited for is not held against it', () => {
  const load = {average: 9, processors: 2}
  const start = (coldStartMs: number, waitedMs: number) =>
    judged({...quick, coldStartMs, waitedMs, load})['cold-start'] as Check
  const slow = start(12_000, 3000)
  assert.deepEqual([slow.verdict, slow.value], ['fail', 12_000])
  assert.match(
    slow.detail,
    /^ready 12\.0 s after its start, of which it waited at most 3\.0 s for a processor: this release breaks Hasty/,
  )
  assert.deepEqual([start(12_000, 0).verdict, start(12_000, 0).value], ['fail', 12_000])
  const busy = start(6000, 1500)
  assert.deepEqual([busy.verdict, busy.value], ['inconclusive', 6000])
  assert.match(busy.detail, /^ready 6\.0 s after its start, of which it waited at most 1\.5 s/)
  // It went on waiting after its start, so nothing is known of the start itself.
  assert.equal(start(6000, 60_000).verdict, 'inconclusive')
  // A start that nobody would give up is never shorter than it was either.
  assert.deepEqual(
    [start(4000, 3000).verdict, start(4000, 3000).detail.slice(0, 28)],
    ['pass', 'ready 4.0 s after its start;'],
  )
})

test('X9 a start that somebody would not wait for is held beside what its processes waited, and no other is', async t => {
  const slow = await measured(t, {entries: deployed(12_000)})
  assert.equal(typeof slow.waitedMs, existsSync('/proc/self/schedstat') ? 'number' : 'undefined')
  assert.equal(judged(slow)['cold-start']?.verdict, 'fail', judged(slow)['cold-start']?.detail ?? '')
  assert.equal((await measured(t, {entries: deployed(1200)})).waitedMs, undefined)
  assert.equal(waitedForProcessor('1@1'), undefined)
  assert.equal(waitedForProcessor('a-container'), undefined)
  assert.equal(waitedForProcessor(undefined), undefined)
})

test('X9 the slowest declared call counts as well', () => {
  const check = judged({
    ...quick,
    declared: [
      {title: 'sums', ms: 12},
      {title: 'thinks', ms: 31_000},
    ],
  })['declared-calls']
  assert.equal(check?.verdict, 'fail')
  assert.match(check?.detail ?? '', /"thinks", took 31\.0 s: this release breaks Hasty \(5 s\), Proxy \(29 s\)/)
})

test('X9 two slow calls are enough to fail, though too few to pass', () => {
  const check = judged({...quick, probe: {tool: 'echo', callsMs: [6000, 7000]}}).tool
  assert.equal(check?.verdict, 'fail')
})

function deployed(ms: number): Entry[] {
  const start = Date.parse('2026-11-20T10:00:00Z')
  const at = (offset: number) => new Date(start + offset).toISOString()
  const command = {type: 'command', id: 'a', state: 'started', argv: [] as string[], readOnly: false} as const
  const ready = {type: 'check', phase: 'deploy', check: 'deploy/ready', verdict: 'pass', detail: ''} as const
  return [
    {...command, why: 'start one', at: at(-50_000)},
    {...ready, server: 'one', at: at(-40_000)},
    {...command, why: 'start one', at: at(0)},
    {...command, why: 'start two', at: at(ms - 1)},
    {...ready, server: 'two', at: at(ms - 1)},
    {...ready, server: 'one', at: at(ms)},
    {...command, why: 'start one', at: at(ms + 1)},
    {...ready, verdict: 'fail', server: 'one', at: at(ms + 9000)},
  ]
}

test('X9 the cold start is from the newest start that ended well to its first good climb', () => {
  assert.equal(coldStart(deployed(3456), 'one'), 3456)
  assert.equal(coldStart(deployed(3456), 'three'), undefined)
  assert.equal(coldStart([], 'one'), undefined)
})

test('X9 the table of clients names each with its source, and how it can be told to wait longer', () => {
  const table = clientTable()
  assert.ok(table.length >= 12)
  for (const name of [
    'Claude Desktop',
    'Claude Code',
    'MCP TypeScript SDK',
    'OpenAI Agents SDK',
    'nginx',
    'Cloudflare',
    'Amazon API Gateway',
  ])
    assert.ok(
      table.some(one => one.name === name),
      name,
    )
  for (const one of table) assert.ok(one.startMs !== undefined || one.requestMs !== undefined, one.name)
  assert.equal(new Set(table.map(({name}) => name)).size, table.length)
})

test('X9 a broken table is refused with its place', t => {
  const folder = temporaryFolder(t, {'clients.yaml': '- {name: A, startMs: soon, set: x, source: y}\n'})
  assert.throws(() => clientTable(join(folder, 'clients.yaml')), /clients\.yaml: 0\.startMs: .*expected number/)
})
