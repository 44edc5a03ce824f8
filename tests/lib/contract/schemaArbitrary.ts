// Schemas by chance for property tests: of every keyword that the diff claims to understand.
import fc from 'fast-check'

type Schema = fc.JsonValue

// The validator beside which the diff is tested passes over a member called `__proto__`, so that is tested elsewhere.
const names = fc.constantFrom('a', 'b', 'ab', 'constructor')
const size = fc.integer({min: 0, max: 4})
const limit = fc.integer({min: -3, max: 6})
const pattern = fc.constantFrom('^a', 'b$', '^[a-z]+$', '^(a|b)*$', '0')
const scalar = fc.constantFrom<Schema[]>(null, true, 0, 1, 2, 1.5, 'a', 'ab', '', [1], {a: 1})
const kind = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object')
const some = (keys: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(keys, {requiredKeys: []}) as fc.Arbitrary<object>
const byName = (value: fc.Arbitrary<unknown>) => fc.dictionary(names, value, {maxKeys: 3})

/** Whole documents with two definitions, which may refer to each other and to themselves. */
export const schemaArbitrary: fc.Arbitrary<{[key: string]: fc.JsonValue}> = fc
  .tuple(subschemas(3), subschemas(2), subschemas(2))
  .map(([value, d0, d1]) => ({
    type: 'object',
    properties: {value: value as Schema},
    required: ['value'],
    additionalProperties: false,
    $defs: {d0: d0 as Schema, d1: d1 as Schema},
  }))

function subschemas(depth: number): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    {weight: 1, arbitrary: fc.boolean()},
    {weight: 4, arbitrary: kind.map(type => ({type}))},
    {weight: 1, arbitrary: fc.uniqueArray(kind, {minLength: 1, maxLength: 3}).map(type => ({type}))},
    {weight: 2, arbitrary: fc.uniqueArray(scalar, {minLength: 1, maxLength: 4}).map(values => ({enum: values}))},
    {weight: 1, arbitrary: scalar.map(value => ({const: value}))},
    {weight: 3, arbitrary: numbers()},
    {weight: 3, arbitrary: texts()},
    {weight: 1, arbitrary: fc.constantFrom('#/$defs/d0', '#/$defs/d1').map($ref => ({$ref}))},
  )
  if (depth === 0) return leaf
  const inner = subschemas(depth - 1)
  return fc.oneof(
    {weight: 3, arbitrary: leaf},
    {weight: 4, arbitrary: objects(inner)},
    {weight: 3, arbitrary: arrays(inner)},
    {weight: 3, arbitrary: combinations(inner)},
  )
}

function numbers() {
  const type = fc.constantFrom('integer', 'number')
  const bounds = {minimum: limit, maximum: limit, exclusiveMinimum: limit, exclusiveMaximum: limit}
  return some({type, ...bounds, multipleOf: fc.constantFrom(1, 2, 3, 0.5)})
}

function texts() {
  return some({type: fc.constant('string'), minLength: size, maxLength: size, pattern})
}

function objects(inner: fc.Arbitrary<unknown>) {
  return some({
    type: fc.constant('object'),
    properties: byName(inner),
    required: fc.uniqueArray(names, {maxLength: 2}),
    additionalProperties: inner,
    patternProperties: fc.dictionary(pattern, inner, {maxKeys: 2}),
    propertyNames: fc.oneof(texts(), fc.constantFrom({enum: ['a', 'b']}, true)),
    minProperties: size,
    maxProperties: size,
    dependentRequired: byName(fc.uniqueArray(names, {maxLength: 2})),
    dependentSchemas: byName(inner),
  }).map(thin)
}

function arrays(inner: fc.Arbitrary<unknown>) {
  return some({
    type: fc.constant('array'),
    items: inner,
    prefixItems: fc.array(inner, {minLength: 1, maxLength: 2}),
    minItems: size,
    maxItems: size,
    uniqueItems: fc.boolean(),
    contains: inner,
    minContains: size,
    maxContains: size,
  }).map(thin)
}

function combinations(inner: fc.Arbitrary<unknown>) {
  const list = fc.array(inner, {minLength: 1, maxLength: 3})
  return fc.oneof(
    fc.record({anyOf: list}),
    fc.record({oneOf: list}),
    fc.record({allOf: list}),
    fc.record({not: inner}),
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    fc.record({if: inner, then: inner, else: inner}, {requiredKeys: ['if']}),
    fc.tuple(fc.record({anyOf: list}), numbers()).map(([one, other]) => ({...one, ...other})),
  )
}

// Of all keywords at once hardly any value is good.
function thin(schema: object): object {
  const entries = Object.entries(schema)
  const kept = entries.filter(([, value], index) => index % 3 === JSON.stringify(value).length % 3 || index === 0)
  return Object.fromEntries(kept)
}
