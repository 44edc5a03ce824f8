// X6 Each kind of change, and everything that a stranger may send instead of a contract.
import assert from 'node:assert/strict'
import {describe, test} from 'node:test'
import {diffSurfaces} from '../../../scripts/lib/contract/diffSurfaces.ts'
import type {Difference, Json} from '../../../scripts/lib/contract/surface.ts'
import {surfaceOf} from './surfaceOf.ts'

const object = (properties: object, more: object = {}) => ({type: 'object', properties, ...more})
const kinds = (differences: Difference[]) => differences.map(({kind, pointer}) => `${kind} ${pointer}`)

function tools(before: object, after: object): Difference[] {
  return diffSurfaces(surfaceOf({tools: [{name: 't', ...before}]}), surfaceOf({tools: [{name: 't', ...after}]}))
}
const inputs = (before: unknown, after: unknown) => tools({inputSchema: before}, {inputSchema: after})
const outputs = (before: unknown, after: unknown) => tools({outputSchema: before}, {outputSchema: after})

describe('X6 what a client sends may widen, what it receives may narrow', () => {
  const a = (schema: object, more?: object) => object({a: schema}, more)
  const cases: [what: string, before: object, after: object, input: string, output: string][] = [
    ['an optional member is added', object({}), a({type: 'string'}), 'compatible', 'compatible'],
    ['a member is removed', a({type: 'string'}), object({}), 'breaking', 'compatible'],
    ['a member becomes required', a({}), a({}, {required: ['a']}), 'breaking', 'compatible'],
    ['a member is required no more', a({}, {required: ['a']}), a({}), 'compatible', 'breaking'],
    ['a number becomes an integer', a({type: 'number'}), a({type: 'integer'}), 'breaking', 'compatible'],
    ['an enumeration grows', a({enum: ['x']}), a({enum: ['x', 'y']}), 'compatible', 'breaking'],
    [
      'an enumeration leaves the constant out',
      a({const: 'x'}, {required: ['a']}),
      a({const: 'x', enum: ['y']}, {required: ['a']}),
      'breaking',
      'compatible',
    ],
    ['a limit moves out', a({maximum: 5}), a({maximum: 9}), 'compatible', 'breaking'],
    ['texts may be longer', a({type: 'string', maxLength: 5}), a({type: 'string'}), 'compatible', 'breaking'],
    ['items widen', a({items: {type: 'integer'}}), a({items: {type: 'number'}}), 'compatible', 'breaking'],
    [
      'null is let through',
      a({type: 'string'}),
      a({anyOf: [{type: 'string'}, {type: 'null'}]}),
      'compatible',
      'breaking',
    ],
    ['multiples of 4 become those of 2', a({multipleOf: 4}), a({multipleOf: 2}), 'compatible', 'breaking'],
    ['a pattern is dropped', a({type: 'string', pattern: '^x'}), a({type: 'string'}), 'compatible', 'breaking'],
    ['what was not allowed is', a({not: {type: 'string'}}), a({}), 'compatible', 'breaking'],
    ['draft-07 tuples', a({items: [{type: 'integer'}]}), a({items: [{type: 'number'}]}), 'compatible', 'breaking'],
    [
      'members are closed',
      a({}, {additionalProperties: true}),
      a({}, {additionalProperties: false}),
      'breaking',
      'compatible',
    ],
    ['a format is added', a({type: 'string'}), a({type: 'string', format: 'email'}), 'unknown', 'compatible'],
    [
      'a pattern changes',
      a({type: 'string', pattern: '^xa'}),
      a({type: 'string', pattern: '^xb?'}),
      'unknown',
      'breaking',
    ],
    [
      'a definition widens',
      a({$ref: '#/$defs/d'}, {$defs: {d: {type: 'integer'}}}),
      a({$ref: '#/$defs/d'}, {$defs: {d: {type: 'number'}}}),
      'compatible',
      'breaking',
    ],
  ]
  for (const [what, before, after, input, output] of cases)
    test(`${what}: input ${input}, output ${output}`, () => {
      const worst = (differences: Difference[]) =>
        ['breaking', 'unknown', 'compatible'].find(kind => differences.some(difference => difference.kind === kind))
      assert.equal(worst(inputs(before, after)), input, JSON.stringify(inputs(before, after)))
      assert.equal(worst(outputs(before, after)), output, JSON.stringify(outputs(before, after)))
    })
})

test('X6 a difference has a pointer, both sides, and an example as its reason', () => {
  const [difference] = inputs(object({a: {type: 'number'}}), object({a: {type: 'integer'}}))
  assert.equal(difference?.pointer, '/tools/t/inputSchema/properties/a/type')
  assert.deepEqual([difference.before, difference.after], ['number', 'integer'])
  assert.match(difference.what, /^In the input of tool "t", properties\/a\/type changed from "number" to "integer"\.$/)
  assert.match(difference.reason, /may send \{"a":0\.5\}, which the new schema refuses/)
})

test('X6 each of several changes is judged by itself', () => {
  const before = object({a: {type: 'number'}, b: {enum: [1]}})
  const after = object({a: {type: 'integer'}, b: {enum: [1, 2]}})
  assert.deepEqual(kinds(inputs(before, after)), [
    'breaking /tools/t/inputSchema/properties/a/type',
    'compatible /tools/t/inputSchema/properties/b/enum',
  ])
})

test('X6 the same in other words is no difference, or a compatible one', () => {
  assert.deepEqual(inputs({required: ['a', 'b'], type: 'object'}, {type: ['object'], required: ['b', 'a']}), [])
  const [seen, ...more] = inputs(
    object({a: {type: ['string', 'null']}}),
    object({a: {anyOf: [{type: 'null'}, {type: 'string'}]}}),
  )
  assert.deepEqual([seen?.kind, more.map(({kind}) => kind)], ['compatible', ['compatible']])
})

test('X6 hints: every flip that may mislead a client is breaking, with absent hints as the specification has them', () => {
  const flip = (before: object, after: object) => kinds(tools({annotations: before}, {annotations: after})).join()
  assert.match(flip({readOnlyHint: true}, {readOnlyHint: false}), /^breaking .*readOnlyHint$/)
  assert.match(flip({readOnlyHint: true}, {}), /^breaking/)
  assert.match(flip({destructiveHint: false}, {}), /^breaking/)
  assert.match(flip({destructiveHint: true}, {destructiveHint: false}), /^breaking/)
  assert.match(flip({openWorldHint: false}, {openWorldHint: true}), /^breaking/)
  assert.match(flip({idempotentHint: true}, {idempotentHint: false}), /^breaking/)
  assert.match(flip({idempotentHint: false}, {idempotentHint: true}), /^compatible/)
  assert.match(flip({}, {openWorldHint: true, destructiveHint: true}), /^compatible [^,]*,compatible [^,]*$/)
  assert.match(flip({readOnlyHint: true}, {readOnlyHint: true, destructiveHint: false}), /^compatible/)
  assert.match(flip({readOnlyHint: true}, {readOnlyHint: 'yes'}), /^unknown/)
})

test('X6 a header for an argument breaks clients that do not send it', () => {
  const header = (name?: string) => object({a: {type: 'string', ...(name === undefined ? {} : {'x-mcp-header': name})}})
  assert.deepEqual(kinds(inputs(header(), header('A'))), ['breaking /tools/t/inputSchema/properties/a/x-mcp-header'])
  assert.deepEqual(kinds(inputs(header('A'), header('B'))), ['breaking /tools/t/inputSchema/properties/a/x-mcp-header'])
  assert.deepEqual(kinds(inputs(header('A'), header())), ['compatible /tools/t/inputSchema/properties/a/x-mcp-header'])
})

test('X6 a header or a default is judged by itself beside changes that are proved good', () => {
  const before = object({a: {type: 'integer', default: 1}})
  const after = object({a: {type: 'number', default: 2, 'x-mcp-header': 'A'}})
  assert.deepEqual(kinds(inputs(before, after)), [
    'unknown /tools/t/inputSchema/properties/a/default',
    'compatible /tools/t/inputSchema/properties/a/type',
    'breaking /tools/t/inputSchema/properties/a/x-mcp-header',
  ])
  const [faulty, header] = inputs(before, object({a: {type: 'none', default: 1, 'x-mcp-header': 'A'}}))
  assert.deepEqual([faulty?.kind, header?.kind], ['unknown', 'breaking'])
})

test('X6 an object that stops naming its members may hold any', () => {
  const before = object({v: object({a: {type: 'string'}})})
  const after = object({v: {type: 'object'}})
  assert.equal(outputs(before, after)[0]?.kind, 'breaking')
})

test('X6 tasks, output schemas, defaults, texts, and what nobody knows', () => {
  const support = (word: string) => ({execution: {taskSupport: word}})
  assert.equal(tools(support('optional'), support('required'))[0]?.kind, 'breaking')
  assert.equal(tools({}, support('optional'))[0]?.kind, 'compatible')
  assert.equal(tools({}, {outputSchema: object({})})[0]?.kind, 'compatible')
  assert.equal(tools({outputSchema: object({})}, {})[0]?.kind, 'breaking')
  assert.equal(inputs(object({a: {default: 1}}), object({a: {default: 2}}))[0]?.kind, 'unknown')
  assert.equal(inputs(object({a: {}}), object({a: {strange: 2}}))[0]?.kind, 'unknown')
  assert.equal(tools({_meta: {a: 1}}, {_meta: {a: 2}})[0]?.kind, 'unknown')
  assert.equal(tools({_meta: {a: 1}}, {})[0]?.kind, 'unknown')
  assert.equal(tools({}, {_meta: {a: 1}})[0]?.kind, 'compatible')
  const [text] = tools({description: 'reads'}, {description: 'reads all'})
  assert.deepEqual([text?.kind, text?.steers, text?.before], ['compatible', true, 'reads'])
})

test('X6 tools, prompts, resources and templates that come and go', () => {
  const before = surfaceOf({
    tools: [{name: 'get-user', description: 'gets a user by id', inputSchema: object({id: {type: 'string'}})}],
    prompts: [{name: 'p', arguments: [{name: 'a'}, {name: 'b', required: true}]}],
    resources: [{uri: 'a:b', mimeType: 'text/plain'}],
    resourceTemplates: [{uriTemplate: 'db://{table}'}, {uriTemplate: 'f://{path}'}],
  })
  const after = surfaceOf({
    tools: [{name: 'get_user', description: 'gets a user by id', inputSchema: object({id: {type: 'string'}})}],
    prompts: [{name: 'p', arguments: [{name: 'b'}, {name: 'c', required: true}]}],
    resources: [{uri: 'a:b', mimeType: 'text/html'}],
    resourceTemplates: [{uriTemplate: 'db://{table}{?limit}'}],
  })
  const differences = diffSurfaces(before, after)
  assert.deepEqual(kinds(differences), [
    'breaking /tools/get-user',
    'compatible /tools/get_user',
    'breaking /prompts/p/arguments/0',
    'compatible /prompts/p/arguments/0',
    'breaking /prompts/p/arguments/1',
    'breaking /resources/a:b/mimeType',
    'compatible /resourceTemplates/db:~1~1{table}',
    'compatible /resourceTemplates/db:~1~1{table}{?limit}',
    'breaking /resourceTemplates/f:~1~1{path}',
  ])
  assert.match(differences[0]?.reason ?? '', /likely renamed to "get_user"/)
})

test('X6 instructions, capabilities, and how long a list may be kept', () => {
  const before = surfaceOf({
    instructions: 'a',
    capabilities: {tools: {listChanged: true}, logging: {}, x: 1},
    caching: {tools: {ttlMs: 1000, cacheScope: 'private'}, prompts: {ttlMs: 1}},
  })
  const after = surfaceOf({
    instructions: 'b',
    capabilities: {tools: {listChanged: false}, prompts: {}, x: 2},
    caching: {tools: {ttlMs: 5000, cacheScope: 'public'}, prompts: {ttlMs: -1}},
  })
  assert.deepEqual(kinds(diffSurfaces(before, after)), [
    'compatible /instructions',
    'breaking /capabilities/logging',
    'compatible /capabilities/prompts',
    'breaking /capabilities/tools/listChanged',
    'unknown /capabilities/x',
    'compatible /caching/tools/ttlMs',
    'breaking /caching/tools/cacheScope',
    'breaking /caching/prompts/ttlMs',
  ])
})

describe('X6 bad input gets an answer, and never a pass without evidence', () => {
  const only = (differences: Difference[]) => {
    assert.equal(differences.length, 1, JSON.stringify(kinds(differences)))
    return differences[0]
  }

  for (const [what, bad] of [
    ['a list', []],
    ['a number', 5],
    ['a type that is none', {type: 'strange'}],
    ['properties that are a list', {properties: []}],
    ['a limit that is text', {minimum: 'x'}],
    ['an unknown dialect', {$schema: 'https://example.org/dialect', minimum: 1}],
    ['a reference to nothing', {$ref: '#/$defs/none'}],
    ['a reference to itself', {$ref: '#'}],
    ['references in a circle', {$ref: '#/$defs/a', $defs: {a: {$ref: '#/$defs/b'}, b: {$ref: '#/$defs/a'}}}],
    ['a reference to elsewhere', {$ref: 'http://127.0.0.1:1/schema'}],
    ['a dynamic reference', {$dynamicRef: '#x', $defs: {x: {$dynamicAnchor: 'x'}}}],
    ['a pattern that cannot be read', {type: 'string', pattern: '('}],
    ['unevaluatedProperties', {properties: {a: {}}, unevaluatedProperties: false}],
  ] as const)
    test(`${what} is unknown`, () => {
      const differences = inputs(object({a: {type: 'string'}, b: {}}, {additionalProperties: true}), bad)
      assert.ok(differences.length > 0)
      assert.ok(
        differences.some(({kind}) => kind !== 'compatible'),
        JSON.stringify(differences),
      )
      // Nothing changed, so nothing is told, whatever it means.
      assert.deepEqual(inputs(bad, structuredClone(bad)), [])
    })

  test('ten thousand levels, and ten thousand references in a row', () => {
    const nested = (inner: Json) => {
      let schema: Json = inner
      for (let level = 0; level < 10_000; level++) schema = object({a: schema}) as Json
      return schema
    }
    assert.equal(only(inputs(nested({type: 'string'}), nested({type: 'integer'})))?.kind, 'unknown')
    assert.deepEqual(inputs(nested(true), nested(true)), [])
    const chain = (type: string) => {
      const links = Array.from({length: 10_000}, (_, index) => [`d${index}`, {$ref: `#/$defs/d${index + 1}`}])
      return object({a: {$ref: '#/$defs/d0'}}, {$defs: {...Object.fromEntries(links), d10000: {type}}})
    }
    assert.equal(only(inputs(chain('integer'), chain('number')))?.kind, 'compatible')
    assert.equal(only(inputs(chain('number'), chain('integer')))?.kind, 'breaking')
  })

  test('choices within choices end, when the budget of comparisons does', () => {
    const maze = (end: string) => {
      let schema: object = {type: end}
      for (let level = 0; level < 6; level++)
        schema = {anyOf: [object({a: schema}), object({b: schema}), object({c: schema})]}
      return schema
    }
    const differences = inputs(maze('number'), {oneOf: [maze('integer'), maze('string')]})
    assert.ok(differences.some(({kind}) => kind !== 'compatible'))
  })

  test('a pattern that runs away is not run far', () => {
    const pattern = '^((a+)+)+$'
    const before = object({a: {type: 'string', minLength: 30, maxLength: 40}})
    const after = object({a: {type: 'string', minLength: 30, maxLength: 40, pattern}})
    assert.notEqual(only(inputs(before, after))?.kind, 'compatible')
    const keys = {patternProperties: {[pattern]: {type: 'string'}}}
    assert.ok(
      inputs(object({['a'.repeat(60)]: {type: 'number'}}), object({['a'.repeat(60)]: {type: 'number'}}, keys)).every(
        ({kind}) => kind !== 'compatible',
      ),
    )
  })

  test('names are only names: __proto__, slashes, what cannot be seen, the same twice', () => {
    const named = (type: string) =>
      JSON.parse(`{"type":"object","properties":{"__proto__":{"type":"${type}"},"a/b~c":{"type":"${type}"}}}`)
    assert.deepEqual(kinds(inputs(named('number'), named('integer'))), [
      'breaking /tools/t/inputSchema/properties/__proto__/type',
      'breaking /tools/t/inputSchema/properties/a~1b~0c/type',
    ])
    const hidden = diffSurfaces(surfaceOf({tools: [{name: 'a\u200b\u202eb\n'}]}), surfaceOf({}))
    assert.match(hidden[0]?.what ?? '', /^The tool "a\\u\{200b\}\\u\{202e\}b\\n" is gone\.$/)
    const twice = [
      {name: 'x', description: 'one'},
      {name: 'x', description: 'two'},
    ]
    assert.deepEqual(diffSurfaces(surfaceOf({tools: twice}), surfaceOf({tools: [...twice].reverse()})), [])
    assert.equal(only(diffSurfaces(surfaceOf({tools: twice}), surfaceOf({tools: twice.slice(1)})))?.kind, 'unknown')
    const proto = JSON.parse('[{"name":"__proto__"}]')
    assert.equal(only(diffSurfaces(surfaceOf({tools: proto}), surfaceOf({})))?.pointer, '/tools/__proto__')
  })

  test('a file edited by hand: lists that are none, items without a name', () => {
    const odd = surfaceOf({tools: 'none', capabilities: undefined, caching: undefined, prompts: [5, {title: 'x'}]})
    assert.deepEqual(kinds(diffSurfaces(odd, surfaceOf({}))), ['unknown /prompts'])
  })
})
