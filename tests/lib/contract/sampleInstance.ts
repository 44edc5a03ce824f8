// A value that a schema may describe, made by a rule of its own and not by that of the diff.
import type {JsonValue} from 'fast-check'

type Random = () => number
type Member = {[key: string]: JsonValue}

/**
 * Follows the schema in most places; whoever uses it asks a validator which values are good. Objects whose schema names members
 * and says nothing of others have only those.
 */
export function sampleInstance(schema: JsonValue, root: Member, random: Random, depth = 0): JsonValue {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  if (!isMember(schema) || depth > 6)
    return pick([null, true, 0, 1, 2.5, 'a', 'ab', [], [1, 1], {}, {a: 1}, {z: 'a'}]) ?? 0
  const again = (inner: JsonValue) => sampleInstance(inner, root, random, depth + 1)
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return again(isMember(root.$defs) ? (root.$defs[name] ?? true) : true)
  }
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap(key => list(schema[key]))
  const conditional = ['then', 'else', 'if'].flatMap(key => (schema[key] === undefined ? [] : [schema[key]]))
  const branch = pick([...branches, ...conditional])
  if (branch !== undefined && random() < 0.9) {
    const {anyOf: _anyOf, oneOf: _oneOf, allOf: _allOf, if: _if, then: _then, else: _else, ...own} = schema
    const all = list(schema.allOf).filter(isMember)
    return again(Object.assign({}, own, ...all, isMember(branch) ? branch : {}, merged([own, ...all, branch])))
  }
  if (schema.const !== undefined && random() < 0.9) return schema.const
  if (Array.isArray(schema.enum) && random() < 0.9) return pick(schema.enum) ?? 0
  const type = pick([schema.type ?? guessed(schema, pick)].flat())
  if (type === 'null') return null
  if (type === 'boolean') return random() < 0.5
  if (type === 'integer' || type === 'number') return sampleNumber(schema, type, pick)
  if (type === 'string')
    return (
      pick(
        ['', 'a', 'b', 'ab', 'aab', '0', 'ba', 'aaaa', 'abcde', 'A', 'b0'].filter(
          text => text.length >= (Number(schema.minLength) || 0),
        ),
      ) ?? 'aaaaa'
    )
  if (type === 'array') return sampleArray(schema, again, random)
  return sampleObject(schema, again, random)
}

function sampleNumber(schema: Member, type: string, pick: <Item>(items: readonly Item[]) => Item | undefined): number {
  const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap(key =>
    typeof schema[key] === 'number' ? [schema[key] - 1, schema[key], schema[key] + 1] : [],
  )
  const number = pick([...limits, 0, 1, 2, 3, 6, -6]) ?? 0
  return type === 'number' ? number + (pick([0, 0, 0.5]) ?? 0) : number
}

function sampleArray(schema: Member, again: (inner: JsonValue) => JsonValue, random: Random): JsonValue {
  const least = Math.max(Number(schema.minItems) || 0, Number(schema.minContains) || 0)
  const length = Math.min(least + Math.floor(random() * 3), Number(schema.maxItems ?? 9))
  const first = list(schema.prefixItems)
  return Array.from({length}, (_, index) => {
    if (schema.contains !== undefined && random() < 0.4) return again(schema.contains)
    return again(first[index] ?? schema.items ?? true)
  })
}

function sampleObject(schema: Member, again: (inner: JsonValue) => JsonValue, random: Random): JsonValue {
  const properties = isMember(schema.properties) ? schema.properties : {}
  const required = list(schema.required).map(String)
  const isSilent = schema.additionalProperties === undefined && schema.properties !== undefined
  const patterns = isMember(schema.patternProperties) ? Object.values(schema.patternProperties) : []
  const names = new Set([...Object.keys(properties).filter(() => random() < 0.6), ...required])
  if (!isSilent || patterns.length > 0) for (const name of ['z', 'a', 'ab', 'b']) if (random() < 0.25) names.add(name)
  const rest = isMember(schema.additionalProperties) ? schema.additionalProperties : true
  return Object.fromEntries(
    [...names].map(name => {
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined
      const matching = /^a|b$/.test(name) && random() < 0.5 ? patterns[0] : undefined
      return [name, again(own ?? matching ?? rest ?? true)]
    }),
  )
}

function merged(schemas: readonly JsonValue[]): Member {
  const members = schemas.filter(isMember)
  const both = members.map(({properties}) => properties).filter(properties => isMember(properties))
  const required = members.flatMap(member => list(member.required))
  return {
    ...(both.length > 0 ? {properties: Object.assign({}, ...both)} : {}),
    ...(required.length > 0 ? {required} : {}),
  }
}

function guessed(schema: Member, pick: <Item>(items: readonly Item[]) => Item | undefined): string {
  const keys = Object.keys(schema).join()
  if (/ropert|required|dependent/.test(keys)) return pick(['object', 'object', 'object', 'string']) ?? 'object'
  if (/tems|ontains/.test(keys)) return pick(['array', 'array', 'array', 'number']) ?? 'array'
  if (/Length|pattern/.test(keys)) return pick(['string', 'string', 'null']) ?? 'string'
  if (/imum|multiple/.test(keys)) return pick(['number', 'integer', 'string']) ?? 'number'
  return pick(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']) ?? 'null'
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

function isMember(value: JsonValue | undefined): value is Member {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
