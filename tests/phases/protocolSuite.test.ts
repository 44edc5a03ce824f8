// The official suite as a child process: what it finds, what it must not see, and that it ends with the run.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {type Callable, callableOf, mayCall} from '../../scripts/phases/protocol/callable.ts'
import {judgeSuite} from '../../scripts/phases/protocol/judgeSuite.ts'
import {chooseScenarios} from '../../scripts/phases/protocol/scenarios.ts'
import {runSuite, type SuiteCheck, type SuiteOptions, type SuiteSeen} from '../../scripts/phases/protocol/suite.ts'
import {startFixture} from '../lib/mcp/startFixture.ts'
import {settingsOf} from './phaseRig.ts'

const token = 'the-token-of-the-fixture'
// The only tool of the fixture, as though the fleet file called it.
const add = {listed: ['add'], callable: ['add']}
const bothEras: SuiteOptions['eras'] = [
  {era: 'modern', capabilities: {tools: {}}, tools: add},
  {era: 'legacy', capabilities: {tools: {}}, tools: add},
]

const run = (url: string, more: Partial<SuiteOptions> = {}) =>
  runSuite({
    url,
    credentials: {authorization: `Bearer ${token}`},
    eras: bothEras,
    signal: new AbortController().signal,
    deadlineMs: 90_000,
    ...more,
  })

const verdicts = (seen: SuiteSeen) => Object.fromEntries(judgeSuite(seen).map(({name, verdict}) => [name, verdict]))

test('a server that conforms passes every scenario, behind its token', async () => {
  await using fixture = await startFixture('../official', {TOKEN: token})
  const seen = await run(fixture.url)
  const found = verdicts(seen)
  assert.deepEqual(
    Object.entries(found).filter(([, verdict]) => verdict !== 'pass'),
    // It makes no sessions.
    [['conformance-server-session-lifecycle', 'skip']],
  )
  assert.equal(Object.keys(found).length, 10)
  assert.doesNotMatch(JSON.stringify(seen), new RegExp(token))
})

test('a server that lets foreign pages in fails the scenario about them, and no other', async () => {
  await using fixture = await startFixture('../official', {TOKEN: token})
  const found = verdicts(await run(`${fixture.url}?wrong=strangers`))
  const failed = Object.entries(found).filter(([, verdict]) => verdict === 'fail')
  assert.deepEqual(failed, [['conformance-dns-rebinding-protection', 'fail']])
})

test('the child knows no secret, and is gone when its run is cancelled', async () => {
  await using fixture = await startFixture('hangs')
  const cancelling = new AbortController()
  const running = run(fixture.url, {signal: cancelling.signal})
  // Not to be unhandled meanwhile.
  const ended = assert.rejects(running, {message: 'enough'})
  const child = await theChild()
  assert.doesNotMatch(readFileSync(`/proc/${child}/cmdline`, 'utf8'), new RegExp(token))
  assert.doesNotMatch(readFileSync(`/proc/${child}/environ`, 'utf8'), new RegExp(token))
  cancelling.abort(new Error('enough'))
  await ended
  assert.deepEqual(children(), [])
})

test('a suite that does not end is ended at its deadline, and that is an error of ours', async () => {
  await using fixture = await startFixture('hangs')
  const seen = await run(fixture.url, {deadlineMs: 1000})
  assert.match(seen.fault ?? '', /did not end within 1000 ms/)
  assert.deepEqual(verdicts(seen), {conformance: 'error'})
})

/** Processes that this one started for the suite. */
function children(): string[] {
  const own = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return own.filter(pid => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('suiteChild.ts'))
}

async function theChild(): Promise<string> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    const [pid] = children()
    if (pid !== undefined) return pid
    await pause(20)
  }
  throw new Error('no child was started within 20 s')
}

const judged = (checks: {id: string; status: SuiteCheck['status']; error?: string; untestable?: true}[]) =>
  judgeSuite({
    eras: [{era: 'modern', capabilities: {tools: {}}, chosen: {run: ['caching'], left: []}}],
    results: [{era: 'modern', scenario: 'caching', checks}],
  }).find(({name}) => name === 'conformance-caching')

test('what rests on a fixture or on a capability that is not there does not count', () => {
  const good = {id: 'one', status: 'SUCCESS'} as const
  assert.equal(judged([good, {id: 'sep-2549-prompts-list-caching-hints', status: 'FAILURE'}])?.verdict, 'pass')
  assert.equal(judged([good, {id: 'sep-2549-tools-list-caching-hints', status: 'FAILURE'}])?.verdict, 'fail')
  assert.equal(judged([good, {id: 'two', status: 'FAILURE', untestable: true}])?.verdict, 'pass')
})

test('a scenario that shows nothing is no pass, and one that ran out of time is too little', () => {
  assert.equal(judged([{id: 'one', status: 'SKIPPED'}])?.verdict, 'skip')
  assert.equal(judged([{id: 'scenario-timeout', status: 'FAILURE'}])?.verdict, 'inconclusive')
  assert.equal(
    judged([
      {id: 'one', status: 'SUCCESS'},
      {id: 'two', status: 'WARNING'},
    ])?.findings?.length,
    1,
  )
})

test('a scenario without a result is an error', () => {
  const eras = [{era: 'legacy', capabilities: {}, chosen: chooseScenarios('legacy', {}, add)}] as const
  assert.deepEqual(verdicts({eras: [...eras], results: []}), {conformance: 'error'})
})

test('scenarios are chosen by era and capabilities, and none that needs a fixture', () => {
  assert.ok(chooseScenarios('legacy', {logging: {}}, add).run.includes('logging-set-level'))
  assert.ok(!chooseScenarios('modern', {logging: {}}, add).run.includes('logging-set-level'))
  const {run: chosen, left} = chooseScenarios('modern', {tools: {}}, add)
  assert.deepEqual(
    left.map(({scenario}) => scenario),
    ['resources-list', 'prompts-list', 'sep-2164-resource-not-found'],
  )
  assert.ok(chosen.every(name => !name.startsWith('tools-call-') && !name.startsWith('input-required-')))
})

test('the scenario that calls the first listed tool is left out where nobody says that this may be done', () => {
  const header = 'http-header-validation'
  const chosen = (tools: Callable) => chooseScenarios('modern', {tools: {}}, tools)
  assert.ok(chosen({listed: ['add', 'wipe'], callable: ['add']}).run.includes(header))
  assert.ok(chosen({listed: [], callable: []}).run.includes(header))
  const {run: run_, left} = chosen({listed: ['wipe', 'add'], callable: ['add']})
  assert.ok(!run_.includes(header))
  assert.match(left.find(({scenario}) => scenario === header)?.why ?? '', /wipe is neither called by the fleet file/)
})

test('of the tools of a server those may be called that the fleet file calls here, or that say that they are safe', () => {
  const tool = (name: string, annotations = {}) => ({name, annotations})
  const tools = [
    tool('probed'),
    tool('called'),
    tool('written'),
    tool('reads', {readOnlyHint: true, openWorldHint: false}),
    tool('reaches', {readOnlyHint: true}),
    tool('wipes'),
  ]
  const settings = settingsOf({
    probe: {tool: 'probed'},
    calls: [{tool: 'called'}, {tool: 'written', on: 'rehearsal'}],
  })
  const live = callableOf({tools, settings, isRehearsal: false})
  assert.deepEqual(live.callable, ['probed', 'called', 'reads'])
  const rehearsed = callableOf({tools, settings, isRehearsal: true})
  assert.deepEqual(rehearsed.callable, ['probed', 'called', 'written', 'reads', 'reaches'])
  assert.equal(mayCall('wipes', [live]), false)
  assert.equal(mayCall('unheard of', [live]), false)
  assert.equal(mayCall('test_missing_capability', [live]), true)
  assert.equal(mayCall('test_missing_capability', [{listed: ['test_missing_capability'], callable: []}]), false)
})

test('no tool is called that may not be, though it stands first only when the suite asks', async t => {
  const server = await callCounter(t)
  const mayAdd = await run(server.url, {eras: bothEras.slice(0, 1)})
  assert.ok(server.called().includes('add'), 'the scenario does call the first tool')
  assert.ok(mayAdd.results.some(({scenario}) => scenario === 'http-header-validation'))
  server.called().length = 0
  const other = {listed: ['echo', 'add'], callable: ['echo']}
  const changed = await run(server.url, {eras: [{era: 'modern', capabilities: {tools: {}}, tools: other}]})
  assert.deepEqual(
    server.called().filter(tool => !tool.startsWith('test_')),
    [],
  )
  assert.ok(!changed.results.some(({scenario}) => scenario === 'http-header-validation'))
  assert.match(JSON.stringify(changed.eras), /the list of tools changed, and add stood first/)
  assert.equal(verdicts(changed).conformance, 'pass')
})

/** A fixture behind a door that writes down which tools are called. */
async function callCounter(t: TestContext): Promise<{url: string; called(): string[]}> {
  const fixture = await startFixture('../official', {TOKEN: token})
  const called: string[] = []
  const door = createServer(async (request, response) => {
    const body = await text(request)
    const {method, params} = body.startsWith('{') ? JSON.parse(body) : {}
    if (method === 'tools/call') called.push(params.name)
    const headers = request.headers as Record<string, string>
    const answer = await fetch(fixture.url, {method: request.method, headers: withoutHost(headers), body: body || null})
    response.writeHead(answer.status, {'content-type': answer.headers.get('content-type') ?? 'text/plain'})
    response.end(await answer.text())
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  t.after(async () => {
    door.closeAllConnections()
    door.close()
    await fixture.stop()
  })
  return {url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/mcp`, called: () => called}
}

function withoutHost(headers: Record<string, string>): Record<string, string> {
  const own = ['host', 'origin', 'connection', 'content-length', 'transfer-encoding']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)))
}
