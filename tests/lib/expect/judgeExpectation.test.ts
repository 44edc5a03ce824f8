// Each matcher, schema, cost and latency of a declared call, against answers that hold and answers that do not.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {expectation} from '../../../scripts/lib/expect/expectation.ts'
import {pathFault, select} from '../../../scripts/lib/expect/jsonPath.ts'
import {judgeExpectation} from '../../../scripts/lib/expect/judgeExpectation.ts'
import type {Outcome} from '../../../scripts/lib/mcp/outcome.ts'

const result = {
  content: [
    {type: 'text', text: 'first line'},
    {type: 'image', data: 'x'},
    {type: 'text', text: 'second'},
  ],
  structuredContent: {
    name: 'harbour',
    score: 5,
    none: null,
    flags: {b: 1, a: [1, {y: 2, x: 3}]},
    tags: ['sea', 'ship'],
    items: [{n: 1}, {n: 2}, {n: 3}],
    costs: [0.25, 0.5],
  },
}
const outcome: Outcome = {kind: 'result', summary: 'a result', ms: 120.4, result}
const judge = (expect: object, given: Partial<Outcome> = {}) =>
  judgeExpectation({...outcome, ...given}, expectation.parse(expect))
const matching = (path: string, matcher: object) => judge({match: {[path]: matcher}})
const $ = '$.structuredContent'

const holds: [string, string, object][] = [
  ['equals a text', `${$}.name`, {equals: 'harbour'}],
  ['equals null', `${$}.none`, {equals: null}],
  ['equals a map in any order', `${$}.flags`, {equals: {a: [1, {x: 3, y: 2}], b: 1}}],
  ['matches a part', `${$}.name`, {matches: '^har'}],
  ['matches a number as text', `${$}.score`, {matches: '^5$'}],
  ['contains a part of a text', `${$}.name`, {contains: 'bou'}],
  ['contains an element', `${$}.tags`, {contains: 'sea'}],
  ['contains a map', `${$}.items`, {contains: {n: 2}}],
  ['at least, the limit itself', `${$}.score`, {atLeast: 5}],
  ['at most, the limit itself', `${$}.score`, {atMost: 5}],
  ['both limits for every value', `${$}.items[*].n`, {atLeast: 1, atMost: 3}],
  ['exists', `${$}.none`, {exists: true}],
  ['does not exist', `${$}.nothing`, {exists: false}],
  ['counts', `${$}.items[*]`, {count: 3}],
  ['counts none', `${$}.nothing`, {count: 0}],
  ['nothing but being there', `${$}.name`, {}],
  ['a filter', `${$}.items[?@.n > 1].n`, {count: 2, atLeast: 2}],
]
for (const [name, path, matcher] of holds) {
  test(`holds: ${name}`, () => {
    assert.deepEqual(matching(path, matcher), [])
  })
}

const fails: [string, string, object, string[]][] = [
  ['equals', `${$}.name`, {equals: 'Harbour'}, [`${$}.name should be "Harbour", is "harbour"`]],
  ['equals of another type', `${$}.score`, {equals: '5'}, [`${$}.score should be "5", is 5`]],
  [
    'equals a list in another order',
    `${$}.tags`,
    {equals: ['ship', 'sea']},
    [`${$}.tags should be ["ship","sea"], is ["sea","ship"]`],
  ],
  ['matches', `${$}.name`, {matches: '^b'}, [`${$}.name should match ^b, is "harbour"`]],
  ['contains', `${$}.tags`, {contains: 'se'}, [`${$}.tags should contain "se", is ["sea","ship"]`]],
  ['contains in a number', `${$}.score`, {contains: 5}, [`${$}.score should contain 5, is 5`]],
  ['at least', `${$}.score`, {atLeast: 6}, [`${$}.score should be at least 6, is 5`]],
  ['at least of a text', `${$}.name`, {atLeast: 1}, [`${$}.name should be at least 1, is "harbour"`]],
  [
    'at most, each value',
    `${$}.items[*].n`,
    {atMost: 1},
    [`${$}.items[*].n should be at most 1, is 2`, `${$}.items[*].n should be at most 1, is 3`],
  ],
  ['exists', `${$}.nothing`, {exists: true}, [`${$}.nothing selects nothing`]],
  ['anything of nothing', `${$}.nothing`, {atMost: 3}, [`${$}.nothing selects nothing`]],
  ['does not exist', `${$}.name`, {exists: false}, [`${$}.name should select nothing, selects ["harbour"]`]],
  ['counts', `${$}.items[*]`, {count: 2}, [`${$}.items[*] should select 2, selects 3`]],
]
for (const [name, path, matcher, faults] of fails) {
  test(`fails: ${name}`, () => {
    assert.deepEqual(matching(path, matcher), faults)
  })
}

test('the text of all text parts is looked through', () => {
  assert.deepEqual(judge({text: 'line\nsecond'}), [])
  assert.deepEqual(judge({text: 'third'}), ['text should contain "third", got "first line\\nsecond"'])
  assert.deepEqual(judge({text: 'x'}, {result: {}}), ['text should contain "x", got ""'])
})

test('D1 structuredContent is compared with a JSON Schema 2020-12', () => {
  const schema = {
    type: 'object',
    required: ['name'],
    properties: {score: {type: 'integer', minimum: 5}, tags: {prefixItems: [{const: 'sea'}]}},
  }
  assert.deepEqual(judge({schema}), [])
  const broken = {...result, structuredContent: {score: 4, tags: ['ship']}}
  assert.deepEqual(judge({schema}, {result: broken}), [
    "structuredContent (root) must have required property 'name'",
    'structuredContent /score must be >= 5',
    'structuredContent /tags/0 must be equal to constant',
  ])
  assert.deepEqual(judge({schema}, {result: {content: []}}), ['structuredContent (root) must be object'])
})

test('D4 costs are added up, and compared with what the call may cost', () => {
  const cost = (path: string, atMost: number) => judge({cost: {path, atMost}})
  assert.deepEqual(cost(`${$}.costs[*]`, 0.75), [])
  assert.deepEqual(cost(`${$}.costs[*]`, 0.74), [`${$}.costs[*] should cost at most 0.74, costs 0.75`])
  assert.deepEqual(cost(`${$}.nothing`, 1), [`${$}.nothing should give a cost, selects nothing`])
  assert.deepEqual(cost(`${$}.name`, 1), [`${$}.name should give numbers, gives ["harbour"]`])
})

test('latency is compared with its limit', () => {
  assert.deepEqual(judge({latencyMs: 121}), [])
  assert.deepEqual(judge({latencyMs: 120}), ['should answer within 120 ms, took 120 ms'])
})

test('another kind of outcome is told instead of everything else', () => {
  const toolError: Partial<Outcome> = {
    kind: 'tool-error',
    summary: 'the tool says no',
    result: {content: [{type: 'text', text: 'no'}]},
  }
  assert.deepEqual(judge({text: 'x', latencyMs: 1}, toolError), [
    'should end as result, ended as tool-error: the tool says no',
  ])
  assert.deepEqual(judge({outcome: 'tool-error', text: 'no'}, toolError), [])
  assert.deepEqual(judge({outcome: 'rpc-error'}, {kind: 'rpc-error', result: undefined}), [])
  assert.deepEqual(judge({outcome: 'rpc-error'}), ['should end as rpc-error, ended as result: a result'])
})

test('everything that is wrong is told', () => {
  const faults = judge({text: 'third', latencyMs: 1, match: {[`${$}.score`]: {atMost: 1}, [`${$}.name`]: {equals: 1}}})
  assert.equal(faults.length, 4)
})

test('an answer on which a pattern takes for ever is a fault, and not the end of the judge', {timeout: 20_000}, () => {
  const slow = {...result, structuredContent: {text: `${'a'.repeat(60)}!`}}
  const fault = ['the deadline of 1000 ms passed: comparing the answer with the patterns of the fleet file']
  assert.deepEqual(judge({match: {[`${$}.text`]: {matches: '^(a|a)*$'}}}, {result: slow}), fault)
  assert.deepEqual(judge({match: {[`${$}[?match(@, "(a|a)*")]`]: {exists: true}}}, {result: slow}), fault)
  assert.deepEqual(judge({schema: {properties: {text: {pattern: '^(a|a)*$'}}}}, {result: slow}), fault)
})

test('paths are those of RFC 9535', () => {
  const store = {
    book: [
      {t: 'A', p: 8},
      {t: 'B', p: 12},
    ],
    'odd key': 1,
  }
  assert.deepEqual(select('$.book[?@.p < 10].t', store), ['A'])
  assert.deepEqual(select('$..p', store), [8, 12])
  assert.deepEqual(select("$['odd key']", store), [1])
  assert.deepEqual(select('$.book[-1:].t', store), ['B'])
  assert.deepEqual(select('$.book[?length(@.t) == 1].p', store), [8, 12])
  assert.deepEqual(['$', '$.a[*]', "$['a']"].map(pathFault), [undefined, undefined, undefined])
  assert.deepEqual(
    ['', 'a', '$.', '$[', '$.a['].map(path => typeof pathFault(path)),
    Array(5).fill('string'),
  )
})
