// An example is what the schema itself takes, or nothing; no schema makes us hang or throw.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {exampleOf} from '../../../scripts/lib/contract/stale/exampleOf.ts'
import {compileSchema} from '../../../scripts/lib/mcp/schemaCheck.ts'

const object = (properties: object, required: string[] = []) => ({type: 'object', properties, required})

const taken: [string, object][] = [
  ['nothing required', object({a: {type: 'string'}})],
  ['required members', object({a: {type: 'string'}, b: {type: 'integer', minimum: 7}}, ['a', 'b'])],
  [
    'bounds',
    object({a: {type: 'number', exclusiveMinimum: 3, maximum: 4}, b: {type: 'integer', multipleOf: 5}}, ['a', 'b']),
  ],
  ['enum, const and default', object({a: {enum: ['x', 'y']}, b: {const: 3}, c: {default: 'z'}}, ['a', 'b', 'c'])],
  ['formats', object({a: {type: 'string', format: 'uri'}, b: {type: 'string', format: 'date-time'}}, ['a', 'b'])],
  ['lists', object({a: {type: 'array', items: {type: 'string', minLength: 12}, minItems: 2}}, ['a'])],
  [
    'tuples',
    object({a: {type: 'array', prefixItems: [{type: 'string'}, {type: 'boolean'}], items: false, minItems: 2}}, ['a']),
  ],
  ['a reference', {...object({a: {$ref: '#/$defs/one'}}, ['a']), $defs: {one: {type: 'integer'}}}],
  ['all of several', {allOf: [object({a: {type: 'string'}}, ['a']), object({b: {type: 'number'}}, ['b'])]}],
  [
    'one of several, the second',
    {type: 'object', oneOf: [{required: ['a'], properties: {a: false}}, object({b: {type: 'string'}}, ['b'])]},
  ],
]
for (const [what, schema] of taken)
  test(`X4 an example of ${what} satisfies its schema`, () => {
    const check = compileSchema(schema)
    assert.ok(check.ok)
    for (const fullness of ['least', 'full'] as const) {
      const example = exampleOf(schema, fullness)
      assert.notEqual(example, undefined, fullness)
      assert.deepEqual(check.faults(example), [])
    }
  })

test('X4 the fullest example has every property, the least only what is required', () => {
  const schema = object({a: {type: 'string'}, b: {type: 'string'}}, ['a'])
  assert.deepEqual(Object.keys(exampleOf(schema, 'least') as object), ['a'])
  assert.deepEqual(Object.keys(exampleOf(schema, 'full') as object), ['a', 'b'])
})

const deep = (levels: number): object =>
  Object.fromEntries(
    Array.from({length: levels}, (_, level) => [`d${level}`, {$ref: `#/$defs/d${level + 1}`}]).concat([
      [`d${levels}`, {type: 'string'} as unknown as {$ref: string}],
    ]),
  )
const none: [string, unknown][] = [
  ['a schema that is none', {type: 'no such type'}],
  ['a schema that takes nothing', false],
  ['a schema that refers to itself', {$ref: '#'}],
  ['a value that contains itself', {...object({a: {$ref: '#'}}, ['a'])}],
  ['a pattern that nobody guesses', object({a: {type: 'string', pattern: '^(x+x+)+y{3}$'}}, ['a'])],
  ['2,000 references in a row', {...object({a: {$ref: '#/$defs/d0'}}, ['a']), $defs: deep(2000)}],
]
for (const [what, schema] of none)
  test(`X4 of ${what} there is no example`, () => {
    assert.equal(exampleOf(schema, 'full'), undefined)
    assert.equal(exampleOf(schema, 'least'), undefined)
  })
