// X6 What the diff calls compatible is: no generated value that one schema allows is refused by the other.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc, {type JsonValue} from 'fast-check'
import {diffSurfaces} from '../../../scripts/lib/contract/diffSurfaces.ts'
import {includes} from '../../../scripts/lib/contract/schema/includes.ts'
import type {Difference, Json, Surface} from '../../../scripts/lib/contract/surface.ts'
import {sampleInstance} from './sampleInstance.ts'
import {schemaArbitrary} from './schemaArbitrary.ts'
import {mutate} from './schemaMutation.ts'

type Schema = {[key: string]: JsonValue}

// More than in every run of the suite when something was changed here: CONTRACT_PROPERTY_RUNS=20000.
const numRuns = Number(process.env.CONTRACT_PROPERTY_RUNS ?? 300)
const valuesOfEach = 25

const pairs = fc
  .tuple(schemaArbitrary, schemaArbitrary, fc.integer(), fc.integer({min: 0, max: 4}))
  .map(([before, other, seed, mutations]) => {
    const random = randomFrom(seed)
    let after: JsonValue = before
    for (let count = 0; count < mutations; count++) after = mutate(after, other, random)
    // A few that have nothing to do with each other.
    return {before, after: (mutations === 4 ? other : after) as Schema, seed}
  })
  .filter(({before, after}) => canBeJudged(before) && canBeJudged(after))

for (const direction of ['input', 'output'] as const) {
  const [from, to] = direction === 'input' ? (['before', 'after'] as const) : (['after', 'before'] as const)

  test(`X6 ${direction}s that are called compatible are`, () => {
    const seen = {compatible: 0, checked: 0, good: 0}
    fc.assert(
      fc.property(pairs, pair => {
        const differences = diff(pair, direction)
        if (differences.length === 0 || differences.some(({kind}) => kind !== 'compatible')) return
        seen.compatible++
        const [sent, received] = [validator(pair[from]), validator(pair[to])]
        const random = randomFrom(pair.seed)
        for (let count = 0; count < valuesOfEach; count++) {
          const value = sampleInstance(pair[from], pair[from], random)
          seen.checked++
          if (sent(value) !== true) continue
          seen.good++
          assert.notEqual(received(value), false, `${JSON.stringify(value)}\n${JSON.stringify(differences, null, 1)}`)
        }
      }),
      {numRuns, endOnFailure: process.env.CONTRACT_PROPERTY_SHRINK === undefined},
    )
    // The property would hold of a diff that never says so, and of values that are never good.
    assert.ok(seen.compatible > numRuns / 20, JSON.stringify(seen))
    assert.ok(seen.good > seen.checked / 20, JSON.stringify(seen))
  })
}

test('X6 the diff makes up its mind about most generated changes', () => {
  const seen = {breaking: 0, compatible: 0, unknown: 0, none: 0}
  fc.assert(
    fc.property(pairs, pair => {
      const kinds = diff(pair, 'input').map(({kind}) => kind)
      const worst = (['breaking', 'unknown', 'compatible'] as const).find(kind => kinds.includes(kind))
      seen[worst ?? 'none']++
    }),
    {numRuns},
  )
  const changed = numRuns - seen.none
  assert.ok(seen.unknown < changed * 0.25, JSON.stringify(seen))
  assert.ok(seen.breaking > changed * 0.1, JSON.stringify(seen))
})

test('X6 an example against a change is good for one schema and not for the other', () => {
  let examples = 0
  fc.assert(
    fc.property(pairs, ({before, after}) => {
      const options = {budget: {steps: 100_000}, mustKnowMembers: false}
      const seen = includes(after as Json, before as Json, options)
      if (seen.answer !== 'no' || seen.example.includes('…')) return
      examples++
      const value = JSON.parse(seen.example)
      assert.notEqual(validator(before)(value), false, seen.example)
      assert.notEqual(validator(after)(value), true, seen.example)
    }),
    {numRuns},
  )
  assert.ok(examples > numRuns / 20, `${examples} examples`)
})

function diff({before, after}: {before: Schema; after: Schema}, direction: 'input' | 'output'): Difference[] {
  return diffSurfaces(surface(before, direction), surface(after, direction))
}

function surface(schema: Schema, direction: 'input' | 'output'): Surface {
  const tool = {name: 'tool', [`${direction}Schema`]: schema as Json}
  const lists = {tools: [tool], prompts: [], resources: [], resourceTemplates: []}
  return {...lists, capabilities: {}, caching: {}, order: {}}
}

/** Not by ajv 8.20 where `prefixItems` stands beside `contains`: it lets `[]` through, which holds nothing. */
function canBeJudged(schema: JsonValue): boolean {
  if (schema === null || typeof schema !== 'object') return true
  if (!Array.isArray(schema) && schema.contains !== undefined && schema.prefixItems !== undefined) return false
  return Object.values(schema).every(inner => canBeJudged(inner ?? null))
}

/** Undefined where the validator itself runs out of stack, as on a reference that leads back to itself. */
function validator(schema: Schema): (value: unknown) => boolean | undefined {
  const ajv = new Ajv2020({strict: false, logger: false, validateFormats: false, ownProperties: true})
  const unlessTooDeep = <Value>(ask: () => Value): Value | undefined => {
    try {
      return ask()
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
  }
  const validate = unlessTooDeep(() => ajv.compile(schema))
  return value => unlessTooDeep(() => validate?.(value) as boolean | undefined)
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
