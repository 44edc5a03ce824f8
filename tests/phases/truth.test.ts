// A probe is believed when it was seen to notice: judged from what was seen of faults, and found on copies broken for real.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type TestContext, test} from 'node:test'
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import {serverOf} from '../../scripts/lib/target/instance.ts'
import {judgeAcceptances} from '../../scripts/phases/acceptances.ts'
import type {Check, PhaseContext} from '../../scripts/phases/phase.ts'
import type {FaultSeen} from '../../scripts/phases/truth/faultSeen.ts'
import {judgeFaults} from '../../scripts/phases/truth/judgeFault.ts'
import {truth} from '../../scripts/phases/truth.ts'
import {copyRig} from '../lib/instance/copyRig.ts'
import {processesWith} from '../rigProcesses.ts'
import {settingsOf} from './phaseRig.ts'

const rung = (name: 'tcp' | 'http' | 'open' | 'list' | 'call', ok: boolean) => ({name, ok, ms: 1, summary: name})
const dead: FaultSeen = {
  name: 'child-killed',
  told: 'the server behind its bridge was killed',
  wanted: 'notice',
  rungs: [rung('tcp', true), rung('http', true), rung('open', true), rung('list', false)],
  noticedAfterMs: 80,
  recovery: {since: 'fault', afterMs: undefined, waitedMs: 2000},
}
const green: FaultSeen = {...dead, rungs: [rung('tcp', true), rung('http', true)], noticedAfterMs: undefined}
const probe = {tool: 'add', arguments: {a: 1, b: 2}}
const judge = (fault: FaultSeen, declared: object) => {
  const [check] = judgeFaults([fault], settingsOf(declared))
  assert.ok(check !== undefined)
  return check
}

test('X3 /ping alone is refused, because it stays green; the shallowest that notices is named', () => {
  const {verdict, detail, remedy} = judge(dead, {health: '/ping'})
  assert.equal(verdict, 'fail')
  assert.match(
    detail,
    /\/ping stayed green; the shallowest that notices is list; did not recover by itself within 2000 ms/,
  )
  assert.match(remedy ?? '', /declare as probe/)
})

test('X3 the same fault passes when a probe is configured that notices', () => {
  const check = judge(dead, {health: '/ping', probe})
  assert.equal(check.verdict, 'pass')
  assert.match(check.detail, /noticed at list after 80 ms; \/ping stayed green/)
  assert.equal(check.value, 80)
})

test('X3 a fault that nothing sees fails, whatever is configured', () => {
  for (const declared of [{health: '/ping'}, {probe}, {}]) {
    const {verdict, detail} = judge(green, declared)
    assert.equal(verdict, 'fail', JSON.stringify(declared))
    assert.match(detail, /stayed green; nothing that is declared notices/)
  }
  assert.match(judge({...green, call: 'writes a note'}, {probe}).detail, /the shallowest that notices is writes a note/)
})

test('X3 a fault that took no effect proves nothing, and one that was not done is a skip', () => {
  assert.equal(judge({...green, void: 'it never called it'}, {probe}).verdict, 'inconclusive')
  assert.equal(judge({...green, skipped: 'no prlimit'}, {probe}).verdict, 'skip')
})

test('X3 what is optional is to be done without: noticing it is the failure', () => {
  const silent = {...dead, wanted: 'endure', subject: 'INDEX_URL'} as const
  assert.equal(judge({...silent, rungs: green.rungs}, {probe}).verdict, 'pass')
  const failed = judge(silent, {probe})
  assert.equal(failed.verdict, 'fail')
  assert.match(failed.detail, /INDEX_URL, which is said to be optional, and it fails at list/)
})

test('X3 of several secrets the worst decides, and only it is told', () => {
  const secret = (subject: string, fault: FaultSeen): FaultSeen => ({...fault, name: 'secret-missing', subject})
  const checks = judgeFaults([secret('ONE', dead), secret('TWO', green)], settingsOf({probe}))
  assert.deepEqual(
    checks.map(({name, verdict}) => [name, verdict]),
    [['secret-missing', 'fail']],
  )
  assert.match(checks[0]?.detail ?? '', /TWO/)
  assert.doesNotMatch(checks[0]?.detail ?? '', /ONE/)
})

test('an acceptance of what is for rehearsals only covers nothing on live, which is no fault', () => {
  const skipped = {type: 'check', phase: 'truth', check: 'truth/applies', verdict: 'skip', detail: ''} as CheckEntry
  const accept = [{check: 'truth/disk-full', server: 'memory', reason: 'known for long', until: '2099-01-01'}]
  assert.deepEqual(judgeAcceptances([skipped], accept, ['truth']), [])
  const passed: CheckEntry = {...skipped, check: 'truth/disk-full', server: 'memory', verdict: 'pass'}
  assert.equal(judgeAcceptances([passed], accept, ['truth']).length, 1)
})

async function observed(
  t: TestContext,
  fixture: string,
  declared: Record<string, unknown>,
): Promise<Map<string, Check>> {
  const rig = await copyRig(t, fixture, {limits: {startupSeconds: 60}, ...declared})
  const server = serverOf(rig.instance, 'one')
  const seen = await truth.server?.observe(rig as unknown as PhaseContext, server)
  assert.ok(seen !== undefined)
  assert.deepEqual(processesWith(rig.instance.folder), [], 'every copy is gone')
  assert.equal(seen.unbroken, undefined)
  return new Map(truth.server?.judge(seen, server.settings).map(check => [check.name, check]))
}

function assertVerdict(checks: Map<string, Check>, fault: string, verdict: string): void {
  assert.equal(checks.get(fault)?.verdict, verdict, `${fault}: ${checks.get(fault)?.detail}`)
}

const bridged = {transport: 'stdio', bridge: {npm: 'bridge@1.0.0', command: ['bridge', '{command}']}, health: '/health'}

test('X3 behind a bridge that answers for the dead, its health path is refused and a call believed', async t => {
  const [byPath, byCall] = await Promise.all([
    observed(t, 'bridge', {...bridged, probe: undefined}),
    observed(t, 'bridge', bridged),
  ])
  for (const fault of ['child-halted', 'child-killed']) {
    assertVerdict(byPath, fault, 'fail')
    assert.match(byPath.get(fault)?.detail ?? '', /\/health stayed green; the shallowest that notices is open/)
    assertVerdict(byCall, fault, 'pass')
  }
  assert.match(byCall.get('child-halted')?.detail ?? '', /recovered once it was over/)
  assert.match(byCall.get('child-killed')?.detail ?? '', /did not recover by itself/)
  assert.match(byCall.get('killed')?.detail ?? '', /recovered by itself/)
  for (const fault of ['halted', 'killed']) assertVerdict(byPath, fault, 'pass')
  // A program that answers 200 to everything passes for it by the path alone.
  assertVerdict(byPath, 'port-taken', 'fail')
  assertVerdict(byCall, 'port-taken', 'pass')
})

const writes = {
  name: 'writes a note',
  on: 'rehearsal',
  tool: 'echo',
  arguments: {message: 'ahoy'},
  expect: {text: 'ahoy'},
}
const notes = {state: {paths: ['.']}, env: {NOTES: '{state}/notes'}, calls: [writes]}

test('X3 a full disk that the server hides is seen by nothing, one that it tells is seen by the call that writes', async t => {
  const [hidden, told] = await Promise.all([
    observed(t, 'says-it-wrote', notes),
    observed(t, 'says-it-wrote', {...notes, env: {...notes.env, HONEST: '1'}}),
  ])
  assertVerdict(hidden, 'disk-full', 'fail')
  assert.match(hidden.get('disk-full')?.detail ?? '', /nothing that is declared notices/)
  assertVerdict(told, 'disk-full', 'fail')
  assert.match(
    told.get('disk-full')?.detail ?? '',
    /the shallowest that notices is writes a note; recovered once it was over/,
  )
})

async function startIndex(t: TestContext): Promise<string> {
  const index = createServer((_request, response) => response.end('an index'))
  index.listen(0, '127.0.0.1')
  await once(index, 'listening')
  t.after(() => {
    index.close()
    index.closeAllConnections()
  })
  return `http://127.0.0.1:${(index.address() as AddressInfo).port}`
}

test('X3 a dependency that is silent is noticed by the probe that needs it, and recovered from once it answers again', async t => {
  const INDEX_URL = await startIndex(t)
  const env = {INDEX_URL, STRICT: '1'}
  const [required, optional, unused] = await Promise.all([
    observed(t, 'needs-index', {env, dependencies: {INDEX_URL: {}}}),
    observed(t, 'needs-index', {env, dependencies: {INDEX_URL: {required: false}}}),
    observed(t, 'needs-index', {env: {...env, OTHER_URL: INDEX_URL}, dependencies: {OTHER_URL: {}}}),
  ])
  assertVerdict(required, 'dependency-silent', 'pass')
  assert.match(required.get('dependency-silent')?.detail ?? '', /noticed at call .*; recovered once it was over after/)
  assertVerdict(optional, 'dependency-silent', 'fail')
  assert.match(optional.get('dependency-silent')?.detail ?? '', /said to be optional, and it fails at call/)
  assertVerdict(unused, 'dependency-silent', 'inconclusive')
  assert.match(unused.get('dependency-silent')?.detail ?? '', /it never called it/)
})

test('X3 a secret that is missing is noticed where the server says so, and not where it works without', async t => {
  const INDEX_URL = await startIndex(t)
  const [strict, lax] = await Promise.all([
    observed(t, 'needs-index', {env: {INDEX_URL, STRICT: '1'}}),
    observed(t, 'needs-index', {env: {INDEX_URL}}),
  ])
  assertVerdict(strict, 'secret-missing', 'pass')
  assert.match(strict.get('secret-missing')?.detail ?? '', /started without API_KEY: noticed at call/)
  assertVerdict(lax, 'secret-missing', 'fail')
  assert.match(lax.get('secret-missing')?.detail ?? '', /the probe add stayed green/)
})
