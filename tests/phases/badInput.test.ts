// Whatever a server tells of itself, no phase that reads it crashes, hangs, or passes what it could not judge.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {describe, type TestContext, test} from 'node:test'
import {secondOpinion} from '../../scripts/lib/mcp/secondOpinion.ts'
import {consistency} from '../../scripts/phases/consistency.ts'
import {contract} from '../../scripts/phases/contract.ts'
import {stale} from '../../scripts/phases/stale.ts'
import {tools} from '../../scripts/phases/tools.ts'
import {startFixture} from '../lib/mcp/startFixture.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'
import {type ContractRig, contractOf, earlierRelease, ranOn} from './contractRig.ts'

const annotations = {readOnlyHint: true, openWorldHint: false}
const object = (properties: object, more: object = {}) => ({type: 'object', properties, ...more})
const inputOf = (inputSchema: unknown) => ({name: 'one', inputSchema, annotations})
const outputOf = (outputSchema: unknown) => ({name: 'one', inputSchema: object({}), outputSchema, annotations})

/** 10,000 references in a row that end at a type. */
const chain = (type: string) => {
  const links = Array.from({length: 10_000}, (_, level) => [`d${level}`, {$ref: `#/$defs/d${level + 1}`}])
  return object({a: {$ref: '#/$defs/d0'}}, {$defs: {...Object.fromEntries(links), d10000: {type}}})
}
const circle = {$ref: '#/$defs/a', $defs: {a: {$ref: '#/$defs/b'}, b: {$ref: '#/$defs/a'}}}

/** More than an environment holds goes by a file. */
const telling = (t: TestContext, list: unknown[]) => ({
  TOOLS_FILE: join(temporaryFolder(t, {'tools.json': JSON.stringify(list)}), 'tools.json'),
})

/** The checks of every phase that reads what a server tells of itself. */
async function allOn(rig: ContractRig) {
  const ran = []
  for (const phase of [tools, contract, consistency, stale]) ran.push(await ranOn(phase, {copy: {}, ...rig}))
  return Object.assign({}, ...ran) as Awaited<ReturnType<typeof ranOn>>
}

// Each is a tool as it was, and as it is now: what changed cannot be called compatible.
const schemas: [string, unknown, unknown][] = [
  ['a schema that is no valid JSON Schema', inputOf(object({a: {type: 'string'}})), inputOf({type: 'strange'})],
  ['properties that are a list', inputOf(object({a: {type: 'string'}})), inputOf({type: 'object', properties: []})],
  ['a schema that is a text', inputOf(object({a: {type: 'string'}})), inputOf('any')],
  ['references in a circle', inputOf(object({a: {type: 'string'}})), inputOf(circle)],
  ['a reference to itself', inputOf(object({a: {type: 'string'}})), inputOf(object({a: {$ref: '#/properties/a'}}))],
  ['10,000 references in a row', inputOf(chain('number')), inputOf(chain('integer'))],
  [
    'a regular expression that blows up',
    inputOf(object({a: {type: 'string', minLength: 30}}, {required: ['a']})),
    inputOf(object({a: {type: 'string', minLength: 30, pattern: '^((a+)+)+$'}}, {required: ['a']})),
  ],
]

describe('X6 A D what a server tells is bad', {concurrency: 2}, () => {
  for (const [what, before, after] of schemas)
    test(`${what}: it is no error of ours, and not compatible`, async t => {
      const known = await contractOf(telling(t, [before]))
      const rig = {env: telling(t, [after]), earlier: earlierRelease, ofEarlier: {from: 'observed', contract: known}}
      const checks = await allOn(rig as ContractRig)
      assert.deepEqual(namesOf(checks, 'error'), [], what)
      assert.equal(checks.observed?.verdict, 'pass', 'what it tells can be told')
      const judged = [checks.compatible?.verdict, checks.understood?.verdict]
      assert.ok(judged.includes('fail'), `${judged}: ${checks.compatible?.detail}; ${checks.understood?.detail}`)
    })

  test('2,000 tools whose names need quoting are all judged, and each that changed is told', async t => {
    const many = (type: string) =>
      Array.from({length: 2000}, (_, index) => ({
        ...inputOf(object({a: {type: index % 2 === 0 ? type : 'string'}})),
        name: `tool/${index}~"ö\n`,
      }))
    const known = await contractOf(telling(t, many('number')))
    const checks = await allOn({
      env: telling(t, many('integer')),
      declared: {client: {timeoutMs: 20_000}},
      earlier: earlierRelease,
      ofEarlier: {from: 'observed', contract: known},
    })
    assert.deepEqual(namesOf(checks, 'error'), [])
    assert.equal(checks.listed?.value, 2000)
    assert.equal(checks.compatible?.verdict, 'fail')
    assert.equal(checks.compatible?.value, 1000)
    assert.match(checks.compatible?.evidence ?? '', /\/tools\/tool~10~0"ö/)
  })

  test('names that mean something to our own language are only names', async t => {
    const named = (type: string) =>
      ['__proto__', 'constructor', 'toString', ''].map(name => ({...inputOf(object({a: {type}})), name}))
    const known = await contractOf(telling(t, named('number').slice(0, 3)))
    const rig = {earlier: earlierRelease, ofEarlier: {from: 'observed' as const, contract: known}}
    const checks = await allOn({...rig, env: telling(t, named('integer').slice(0, 3))})
    assert.deepEqual(namesOf(checks, 'error'), [])
    assert.equal(checks.compatible?.value, 3)
    // A tool with no name at all is no tool that anybody could call.
    const nameless = await allOn({...rig, env: telling(t, named('number'))})
    assert.deepEqual(namesOf(nameless, 'error'), [])
    assert.notEqual(nameless.observed?.verdict, 'pass')
  })

  for (const [what, env, verdict] of [
    ['tells a name twice', {WAYS: 'twice'}, 'fail'],
    ['tells bytes that are no UTF-8', {WAYS: 'latin1'}, 'fail'],
    ['changes while it is observed', {WAYS: 'changes'}, 'inconclusive'],
    ['lists without end', {WAYS: 'endless'}, 'fail'],
  ] as const)
    test(`a server that ${what} has no contract, and nothing that rests on it passes`, async t => {
      const list = [{...inputOf(object({a: {type: 'string'}})), description: 'ö'}]
      const known = await contractOf(telling(t, list))
      const checks = await allOn({
        env: {...telling(t, list), ...env},
        own: {from: 'committed', contract: known},
        earlier: earlierRelease,
        ofEarlier: {from: 'observed', contract: known},
      })
      assert.deepEqual(namesOf(checks, 'error'), [])
      assert.equal(checks.observed?.verdict, verdict, checks.observed?.detail ?? what)
      for (const name of ['as-recorded', 'compatible', 'understood', 'comparable', 'recoverable'])
        assert.equal(checks[name]?.verdict, 'inconclusive', `${name}: ${checks[name]?.detail}`)
    })

  test('a record that was edited by hand passes nothing', async t => {
    const fault = 'contracts/one.json: was edited by hand'
    const broken = {from: 'fault', fault} as const
    const env = telling(t, [inputOf(object({}))])
    const checks = await allOn({env, own: broken, earlier: earlierRelease, ofEarlier: broken})
    assert.deepEqual(namesOf(checks, 'error'), [])
    assert.equal(checks['as-recorded']?.verdict, 'fail')
    for (const name of ['compatible', 'understood', 'recoverable'])
      assert.notEqual(checks[name]?.verdict ?? 'absent', 'pass', name)
  })

  test('a result on which the pattern of its own schema never ends is refused, by us and by the client of the SDK', async t => {
    const schema = object({sum: {type: 'string', pattern: '^(a+)+$'}}, {required: ['sum']})
    const env = {...telling(t, [outputOf(schema)]), CALL: 'runs-away'}
    const known = await contractOf(env)
    const checks = await ranOn(stale, {
      env,
      earlier: earlierRelease,
      ofEarlier: {from: 'observed', contract: known},
    })
    assert.equal(checks.recoverable?.verdict, 'fail')
    assert.match(checks.recoverable?.detail ?? '', /cannot be checked: it did not end within 1000 ms/)
    await using fixture = await startFixture('shaped', env)
    const opinion = await secondOpinion({url: fixture.url, probe: {tool: 'one'}, timeoutMs: 10_000})
    assert.equal(opinion.ok, false)
    assert.equal(opinion.stage, 'call')
    assert.match(opinion.error ?? '', /did not end within 1000 ms/)
  })
})

function namesOf(checks: Awaited<ReturnType<typeof ranOn>>, verdict: string): string[] {
  return Object.entries(checks).flatMap(([name, check]) =>
    check.verdict === verdict ? [`${name}: ${check.detail.slice(0, 300)}`] : [],
  )
}
