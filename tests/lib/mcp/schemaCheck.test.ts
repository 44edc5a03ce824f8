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
