import assert from 'node:assert/strict'
import {test} from 'node:test'
import {compileSchema} from '../../../scripts/lib/mcp/schemaCheck.ts'

function faults(schema: unknown, value: unknown): string[] {
  const check = compileSchema(schema)
  assert.ok(check.ok, check.ok ? '' : check.reason)
  return check.faults(value)
}

test('2020-12 is the dialect of a schema that names none', () => {
  const schema = {type: 'array', prefixItems: [{type: 'number'}, {type: 'string'}], items: false}
  assert.deepEqual(faults(schema, [1, 'a']), [])
  assert.equal(faults(schema, ['a', 1, 2]).length, 3)
})

test('draft-07 and 2019-09 schemas are read in their own dialect', () => {
  const draft = {$schema: 'http://json-schema.org/draft-07/schema#', items: [{type: 'number'}], additionalItems: false}
  assert.equal(faults(draft, [1, 2]).length, 1)
  assert.deepEqual(faults({$schema: 'https://json-schema.org/draft/2019-09/schema', type: 'number'}, 1), [])
})

test('formats are checked', () => {
  assert.equal(faults({type: 'string', format: 'date-time'}, 'yesterday').length, 1)
})

test('a schema that cannot be used is told: wrong type, unknown dialect, reference to elsewhere, no schema at all', () => {
  const broken = [
    {type: 'nonsense'},
    {$schema: 'https://example.org/mine'},
    {$ref: 'https://example.org/other'},
    'schema',
    null,
  ]
  for (const schema of broken) assert.equal(compileSchema(schema).ok, false, JSON.stringify(schema))
})

test('two schemas with the same $id do not disturb each other', () => {
  assert.deepEqual(faults({$id: 'urn:test:same', type: 'number'}, 1), [])
  assert.deepEqual(faults({$id: 'urn:test:same', type: 'string'}, 'a'), [])
})

test('a schema on which a check would not end, or not come back, is no pass and no crash', () => {
  const sick = `${'a'.repeat(60)}!`
  const text = {type: 'string', pattern: '^(a+)+$'}
  const doubling = Object.fromEntries(
    Array.from({length: 40}, (_, level) => [
      `d${level}`,
      {allOf: [{$ref: `#/$defs/d${level + 1}`}, {$ref: `#/$defs/d${level + 1}`}]},
    ]),
  )
  const endless: [unknown, unknown][] = [
    [text, sick],
    [{patternProperties: {'^(a+)+$': true}}, {[sick]: 1}],
    [{$ref: '#/$defs/d0', $defs: {...doubling, d40: {type: 'string'}}}, 'a'],
    [{$ref: '#'}, 'a'],
  ]
  for (const [schema, value] of endless) {
    const check = compileSchema(schema)
    if (check.ok) assert.match(check.faults(value).join(), /^cannot be checked: /, JSON.stringify(schema).slice(0, 80))
  }
  assert.deepEqual(faults(text, 'aaa'), [])
  assert.equal(faults(text, 'b').length, 1)
})

test('what cannot be compiled is reported also where the meta-schema is not asked', () => {
  const skipping = (schema: unknown) => compileSchema(schema, {skipsMetaSchema: true})
  for (const schema of [
    {type: 'nonsense'},
    {properties: 'a'},
    {pattern: '('},
    {$ref: 'https://elsewhere.example/a'},
    5,
  ])
    assert.equal(skipping(schema).ok, false, JSON.stringify(schema))
  const check = skipping({type: 'object', required: ['a'], properties: {a: {type: 'number'}}})
  assert.ok(check.ok)
  assert.deepEqual([check.faults({a: 1}), check.faults({}).length, check.faults({a: 'b'}).length], [[], 1, 1])
})
