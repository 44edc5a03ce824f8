// The judges of reachability, certificates, tools and calls: plain data in, verdicts out.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {UserError} from '../../scripts/lib/errors/userError.ts'
import type {Outcome} from '../../scripts/lib/mcp/outcome.ts'
import {calls} from '../../scripts/phases/calls.ts'
import {type CertificateSeen, judgeCertificate} from '../../scripts/phases/certificate.ts'
import type {HealthAnswer} from '../../scripts/phases/healthAnswer.ts'
import {phaseNames, phasesOf} from '../../scripts/phases/index.ts'
import {reachability} from '../../scripts/phases/reachability.ts'
import {recallTools, rememberTools} from '../../scripts/phases/toolCatalogue.ts'
import {tools} from '../../scripts/phases/tools.ts'
import {brief, settingsOf} from './phaseRig.ts'

const answer = (more: Partial<HealthAnswer> = {}): HealthAnswer => ({
  url: 'http://localhost:8700/one/health',
  transport: 'ok',
  status: 200,
  ms: 12,
  json: true,
  says: 'ok',
  form: ['status:string'],
  text: '{"status":"ok"}',
  ...more,
})

const refused = {own: {transport: 'ok', status: 403}, ingress: {transport: 'ok', status: 403}, beyond: []}

const answers: [string, Partial<HealthAnswer>, string, string][] = [
  ['200 with a status', {}, 'pass', 'HTTP 200, status "ok", 12 ms'],
  ['503', {status: 503, says: 'unhealthy'}, 'fail', 'HTTP 503 after 12 ms, status "unhealthy"'],
  ['200 without JSON', {json: false, says: undefined}, 'fail', 'HTTP 200, but no JSON object'],
  ['200 without a status', {says: undefined}, 'fail', 'HTTP 200 with JSON, but without a status'],
  ['no answer in time', {transport: 'timeout', status: undefined}, 'fail', 'timeout after 12 ms'],
]
for (const [name, more, verdict, detail] of answers) {
  test(`A1 a health URL that gives ${name} is ${verdict}`, () => {
    const seen = {answer: answer(more), wildcard: undefined, ownOrigin: refused}
    const [check] = reachability.server?.judge(seen, settingsOf()) ?? []
    assert.deepEqual([check?.name, check?.verdict, check?.detail], ['health-url', verdict, detail])
  })
}

test('A1 strangers are refused, with 403 or for a host with 421, and by the server itself', () => {
  const refusals = (origin: number | undefined, host: number) =>
    reachability.fleet
      ?.judge({
        whole: answer(),
        foreignOrigin: answer({status: origin, transport: origin ? 'ok' : 'refused'}),
        foreignHost: answer({status: host}),
        certificate: undefined,
      })
      .map(({name, verdict}) => `${name} ${verdict}`)
  assert.deepEqual(refusals(403, 421), ['fleet-health pass', 'foreign-origin pass', 'foreign-host pass', 'tls skip'])
  assert.deepEqual(refusals(421, 403), ['fleet-health pass', 'foreign-origin fail', 'foreign-host pass', 'tls skip'])
  assert.deepEqual(refusals(undefined, 200), [
    'fleet-health pass',
    'foreign-origin fail',
    'foreign-host fail',
    'tls skip',
  ])
  assert.deepEqual(
    reachability.server
      ?.judge({answer: answer(), wildcard: answer(), ownOrigin: refused}, settingsOf())
      .map(({name, verdict}) => `${name} ${verdict}`),
    ['health-url pass', 'wildcard-host pass', 'own-origin pass'],
  )
})

const certificate: CertificateSeen = {
  validTo: '2027-01-01T00:00:00.000Z',
  daysLeft: 42,
  minimumDays: 14,
  names: 'DNS:localhost',
  hostCovered: true,
  untrusted: undefined,
  fault: undefined,
}
const certificates: [string, Partial<CertificateSeen>, string[]][] = [
  ['good', {}, ['tls pass', 'tls-expiry pass', 'tls-host pass']],
  ['about to end', {daysLeft: 13}, ['tls pass', 'tls-expiry fail', 'tls-host pass']],
  ['at the limit', {daysLeft: 14}, ['tls pass', 'tls-expiry pass', 'tls-host pass']],
  ['over', {daysLeft: -1, untrusted: 'CERT_HAS_EXPIRED'}, ['tls fail', 'tls-expiry fail', 'tls-host pass']],
  ['for another host', {hostCovered: false}, ['tls pass', 'tls-expiry pass', 'tls-host fail']],
  ['not there', {daysLeft: undefined, fault: 'ECONNREFUSED'}, ['tls fail']],
]
for (const [name, more, verdicts] of certificates) {
  test(`A1 a certificate that is ${name}`, () => {
    assert.deepEqual(
      judgeCertificate({...certificate, ...more}).map(check => `${check.name} ${check.verdict}`),
      verdicts,
    )
  })
}

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  kind: 'result',
  summary: 'good',
  ms: 10,
  result: {},
  ...more,
})
const tool = (name: string, more: object = {}) => ({name, inputSchema: {type: 'object'}, ...more})
const judgeTools = (more: object, settings = settingsOf()) =>
  (
    tools.server?.judge(
      {opened: outcome(), listed: outcome(), tools: [tool('a'), tool('b')], again: ['a', 'b'], ...more} as never,
      settings,
    ) ?? []
  ).map(({name, verdict}) => `${name} ${verdict}`)

test('C2 the tools of a server are listed, exist, can be described and stay in their order', () => {
  const declaring = settingsOf({probe: {tool: 'a'}, calls: [{tool: 'b'}]})
  const good = ['listed pass', 'declared-exist pass', 'schemas-usable pass', 'order-stable pass']
  assert.deepEqual(judgeTools({}, declaring), good)
  assert.deepEqual(judgeTools({}), ['listed pass', 'declared-exist skip', 'schemas-usable pass', 'order-stable pass'])
  assert.deepEqual(judgeTools({again: ['b', 'a']}, declaring).at(-1), 'order-stable fail')
  assert.deepEqual(judgeTools({again: ['a']}, declaring).at(-1), 'order-stable fail')
  assert.deepEqual(judgeTools({tools: [tool('a')], again: ['a']}, declaring)[1], 'declared-exist fail')
  assert.deepEqual(
    judgeTools({tools: [tool('a', {inputSchema: {type: 'objekt'}})], again: ['a']})[2],
    'schemas-usable fail',
  )
  assert.deepEqual(
    judgeTools({tools: [tool('a', {outputSchema: {$ref: 'http://example.org/x'}})], again: ['a']})[2],
    'schemas-usable fail',
  )
  assert.deepEqual(judgeTools({tools: []}), ['listed inconclusive'])
  assert.deepEqual(judgeTools({listed: undefined}), ['listed fail'])
  assert.deepEqual(judgeTools({listed: outcome({kind: 'rpc-error'})}), ['listed fail'])
})

test('C2 the catalogue names each tool with its servers', async () => {
  const servers = new Map([
    ['one', {tools: [{name: 'a'}, {name: 'b'}]}],
    ['two', {tools: [{name: 'b'}]}],
  ])
  const seen = await tools.fleet?.observe({} as never, servers as never)
  assert.deepEqual(seen, {
    tools: [
      {tool: 'a', servers: ['one']},
      {tool: 'b', servers: ['one', 'two']},
    ],
  })
  assert.deepEqual(brief(tools.fleet?.judge(seen as never) ?? []), [
    ['catalogue', 'pass', '2 tools on 2 servers; on more than one server: b (one, two)'],
  ])
})

test('C3 a call that was not sent, and one that answered otherwise, fail under their own names', () => {
  const settings = settingsOf({
    calls: [{tool: 'a', name: 'Finds It'}, {tool: 'b', expect: {text: 'yes', latencyMs: 5}}, {tool: 'c'}],
  })
  const seen = {
    opened: outcome(),
    calls: [
      {title: 'Finds It', tool: 'a', arguments: {q: 1}, unsent: 'the server has no tool a; it has b, c'},
      {title: 'b', tool: 'b', arguments: {}, outcome: outcome({result: {content: [{type: 'text', text: 'no'}]}})},
      {title: 'c', tool: 'c', arguments: {}, outcome: outcome()},
    ],
  }
  assert.deepEqual(brief(calls.server?.judge(seen, settings) ?? []), [
    ['finds-it', 'fail', 'was not sent: the server has no tool a; it has b, c'],
    ['b', 'fail', 'should answer within 5 ms, took 10 ms; text should contain "yes", got "no"'],
    ['c', 'pass', 'c answered as expected in 10 ms'],
  ])
  const unopened = calls.server?.judge({opened: outcome({kind: 'refused', summary: 'refused'}), calls: []}, settings)
  assert.deepEqual(brief(unopened ?? []), [['opened', 'fail', 'could not be opened, so no call was made: refused']])
  assert.equal(calls.server?.skip?.(settingsOf()), 'the fleet file declares no calls of this server')
})

test('C2 C8 tools are remembered for their time, for their instance, and as a whole or not at all', () => {
  const facts: {type: 'fact'; name: string; value: unknown; at: string}[] = []
  const context = (name: string) =>
    ({
      instance: {name},
      entries: () => facts,
      remember: (fact: string, value: unknown) => facts.push({type: 'fact', name: fact, value, at: ''}),
    }) as never
  const server = {name: 'one', settings: settingsOf({client: {cacheTtlSeconds: 60, cacheTools: 2}})} as never
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000)
  assert.equal(recallTools(context('live'), server, at(0)), undefined)
  rememberTools(context('live'), server, [tool('a'), tool('b')] as never, at(0))
  assert.deepEqual(
    recallTools(context('live'), server, at(60))?.map(({name}) => name),
    ['a', 'b'],
  )
  assert.equal(recallTools(context('live'), server, at(61)), undefined)
  assert.equal(recallTools(context('rehearsal-1'), server, at(1)), undefined)
  rememberTools(context('live'), server, [tool('a'), tool('b'), tool('c')] as never, at(10))
  assert.equal(facts.length, 1)
})

test('phases are chosen by name, in their own order, and an unknown one is a fault', async () => {
  const all = await phasesOf([])
  assert.deepEqual(
    all.map(({name}) => name),
    phaseNames,
    'each has the name under which it is listed',
  )
  assert.deepEqual(
    (await phasesOf(['calls', 'health'])).map(({name}) => name),
    ['health', 'calls'],
  )
  await assert.rejects(
    phasesOf(['healt']),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === 'there is no phase healt' &&
      error.remedy === `did you mean "health"? known: ${phaseNames.join(', ')}`,
  )
})
