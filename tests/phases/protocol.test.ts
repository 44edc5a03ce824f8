// Each wrong answer to a wrong request is caught, by its own check and no other; a server that conforms passes all of them.
import assert from 'node:assert/strict'
import {after, before, describe, test} from 'node:test'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import type {ProgramStatus} from '../../scripts/lib/target/target.ts'
import type {Check, PhaseContext} from '../../scripts/phases/phase.ts'
import {judgeAfterwards} from '../../scripts/phases/protocol/afterwards.ts'
import {protocol} from '../../scripts/phases/protocol.ts'
import {type Fixture, startFixture} from '../lib/mcp/startFixture.ts'
import {settingsOf} from './phaseRig.ts'

const token = 'the-token-of-the-fixture'

interface Run {
  url: string
  instance?: string
  auth?: boolean
  timeoutMs?: number
}

/** All checks of the phase but those of the official suite, which has a test of its own. */
async function checksOf({url, instance = 'rehearsal-1', auth = true, timeoutMs = 5000}: Run): Promise<Check[]> {
  const settings = settingsOf({
    probe: {tool: 'add', arguments: {a: 1, b: 2}},
    client: {timeoutMs},
    ...(auth ? {auth: {bearer: 'TOKEN'}, secrets: {TOKEN: {}}} : {}),
  })
  const server = {name: 'one', settings, endpoint: url, through: url} as InstanceServer
  const context = {
    instance: {name: instance},
    secrets: {TOKEN: token},
    signal: new AbortController().signal,
    inspect: async () => [],
    inTurn: async () => undefined,
  } as unknown as PhaseContext
  const part = protocol.server
  assert.ok(part !== undefined)
  // As from the journal.
  const seen = JSON.parse(JSON.stringify(await part.observe(context, server)))
  return part.judge(seen, settings)
}

const named = (checks: readonly Check[], verdict: Check['verdict']) =>
  checks.filter(check => check.verdict === verdict).map(({name}) => name)

describe('a server that conforms but for one thing', {concurrency: 4}, () => {
  let fixture: Fixture
  before(async () => {
    fixture = await startFixture('spoiled', {TOKEN: token})
  })
  after(() => fixture.stop())

  test('nothing fails where it does everything right, and only OAuth is not asked about', async () => {
    const checks = await checksOf({url: fixture.url})
    assert.deepEqual(named(checks, 'fail'), [])
    assert.deepEqual(named(checks, 'skip'), ['auth-metadata'])
    assert.equal(named(checks, 'pass').length, checks.length - 1)
    assert.ok(checks.length >= 18)
  })

  for (const wrong of [
    'foreign-origin',
    'foreign-host',
    'unknown-method',
    'unknown-tool',
    'bad-arguments',
    'unsupported-version',
    'header-mismatch',
    'unknown-session',
    'terminated-session',
    'auth',
    'wrong-accept',
    'wrong-content-type',
    'get',
    'malformed-json',
    'large-body',
  ])
    test(`A D ${wrong} answered wrongly fails protocol/${wrong}, and nothing else`, async () => {
      const checks = await checksOf({url: `${fixture.url}?wrong=${wrong}`})
      assert.deepEqual(named(checks, 'fail'), [wrong])
      const [check] = checks.filter(({name}) => name === wrong)
      assert.match(check?.evidence ?? '', /HTTP \d{3}|reset|closed/)
      assert.ok(check?.remedy)
    })

  test('X2 a server that takes a request for one of the version in its header is not judged by a later version', async () => {
    const checks = await checksOf({url: `${fixture.url}?wrong=chooses-by-header`})
    assert.deepEqual(named(checks, 'fail'), [])
    assert.equal(checks.find(({name}) => name === 'header-mismatch')?.findings, undefined)
  })

  test('X2 a contradiction that is refused with another code than -32020 is an observation', async () => {
    const checks = await checksOf({url: `${fixture.url}?wrong=another-code`})
    assert.deepEqual(named(checks, 'fail'), [])
    const [finding] = checks.find(({name}) => name === 'header-mismatch')?.findings ?? []
    assert.match(finding?.text ?? '', /Mcp-Name: another-tool is refused with HTTP 400 with JSON-RPC -32600/)
  })

  test('live is spared the large body, and tools that only a rehearsal may call', async () => {
    const checks = await checksOf({url: `${fixture.url}?wrong=large-body`, instance: 'live'})
    assert.deepEqual(named(checks, 'fail'), [])
    const [large] = checks.filter(({name}) => name === 'large-body')
    assert.match(large?.detail ?? '', /rehearsals only/)
  })

  test('an answer to a large body that is lost on the way is a finding, since it is now and then', async () => {
    const checks = await checksOf({url: `${fixture.url}?wrong=lost-answer`})
    assert.deepEqual(named(checks, 'fail'), [])
    assert.match(checks.find(({name}) => name === 'large-body')?.findings?.[0]?.text ?? '', /no HTTP answer/)
  })

  test('the token is in nothing that is journaled', async () => {
    assert.doesNotMatch(JSON.stringify(await checksOf({url: fixture.url})), new RegExp(token))
  })

  for (const monster of ['hangs', 'endless', 'huge', 'not-utf8'])
    test(`an answer that is ${monster} fails one check and is survived`, async () => {
      const checks = await checksOf({url: `${fixture.url}?wrong=${monster}`, timeoutMs: 2500})
      assert.deepEqual(named(checks, 'fail'), ['unknown-method'])
      assert.equal(named(checks, 'pass').includes('still-answers'), true)
      assert.ok(JSON.stringify(checks).length < 100_000)
    })
})

test('a server that a wrong request takes down fails still-answers, and the rest is not judged', async () => {
  await using fixture = await startFixture('spoiled')
  const checks = await checksOf({url: `${fixture.url}?wrong=still-answers`, auth: false})
  assert.deepEqual(named(checks, 'fail'), ['malformed-json', 'large-body', 'still-answers'])
  assert.deepEqual(named(checks, 'skip'), ['auth', 'auth-metadata'])
})

test('a server that was started again meanwhile did not survive', () => {
  const climb = {holds: true, reached: 'call', depth: 'call', rungs: [], ms: 1, summary: 'holds'} as const
  const status = (identity: string, restarts: number) => ({name: 'one', identity, restarts}) as ProgramStatus
  const judge = (from: ProgramStatus, to: ProgramStatus) =>
    judgeAfterwards({inside: climb, through: climb, before: from, after: to} as never).verdict
  assert.equal(judge(status('1', 0), status('1', 0)), 'pass')
  assert.equal(judge(status('1', 0), status('2', 0)), 'fail')
  assert.equal(judge(status('1', 0), status('1', 1)), 'fail')
})

test('how it ended is said, since a limit of memory is no crash', () => {
  const climb = {holds: true, reached: 'call', depth: 'call', rungs: [], ms: 1, summary: 'holds'} as const
  const status = (more: object) => ({name: 'one', identity: '1', restarts: 0, ...more})
  const detail = (more: object) =>
    judgeAfterwards({inside: climb, through: climb, before: status({}), after: status(more)} as never).detail
  assert.equal(
    detail({identity: '2', restarts: 1, lastExit: 'memory'}),
    'a wrong request ended it: it was 1, now it is 2, the last over its memory limit',
  )
  assert.equal(detail({restarts: 1, lastExit: '1'}), 'a wrong request ended it: it restarted 1 times, last exit 1')
  assert.equal(detail({identity: '2'}), 'a wrong request ended it: it was 1, now it is 2')
})

test('a server that nobody can open fails, and nothing else is said of it', async () => {
  const checks = await checksOf({url: 'http://127.0.0.1:1/mcp'})
  assert.deepEqual(
    checks.map(({name, verdict}) => [name, verdict]),
    [['opened', 'fail']],
  )
})

for (const silent of ['hangs', 'endless-stream', 'not-json', 'silent'])
  test(`a server that is ${silent} from the first request on is not passed`, async () => {
    await using fixture = await startFixture(silent)
    const checks = await checksOf({url: fixture.url, timeoutMs: 500})
    assert.deepEqual(named(checks, 'pass'), [])
  })

for (const [metadata, verdict] of [
  ['right', 'pass'],
  ['wrong', 'fail'],
] as const)
  test(`A D protected resource metadata that is ${metadata}: ${verdict}`, async () => {
    await using fixture = await startFixture('spoiled', {TOKEN: token, METADATA: metadata})
    const checks = await checksOf({url: fixture.url})
    assert.deepEqual(
      checks.filter(({name}) => name === 'auth-metadata').map(check => check.verdict),
      [verdict],
    )
  })
