// Changes a schema in one place, as a developer would, or worse.
import type {JsonValue} from 'fast-check'

type Random = () => number
type Member = {[key: string]: JsonValue}

/** `random` gives numbers from 0 to 1; the same ones give the same schema. `donor` gives schemas to put in. */
export function mutate(schema: JsonValue, donor: JsonValue, random: Random): JsonValue {
  const copy = structuredClone(schema)
  const frame = isMember(copy) ? copy : {}
  const used = isMember(frame.properties) ? [...membersOf(frame.properties, 1)] : []
  const all = [...membersOf(copy, 0)]
  // Definitions are larger than what uses them, and often nothing does.
  const places = random() < 0.8 ? used : all
  const place = places[Math.floor(random() * places.length)]
  if (place === undefined) return copy
  const {owner, key} = place
  const value = owner[key]
  const donors = [...membersOf(structuredClone(donor), 0)]
    .filter(({key: name}) => isSchemaKey(name))
    .map(({owner: from, key: name}) => from[name])
    .filter(inner => typeof inner === 'boolean' || isMember(inner))
  const other = donors[Math.floor(random() * donors.length)] ?? true
  if (typeof value === 'number') owner[key] = stepped(key, value, random() < 0.5 ? 1 : -1)
  else if (typeof value === 'string')
    // A list of types names none twice, else it is no schema.
    owner[key] = key === 'type' ? (value !== 'null' && random() < 0.5 ? ['null', value] : 'string') : value
  else if (typeof value === 'boolean') owner[key] = !value
  else if (Array.isArray(value) && value.length > 1) owner[key] = random() < 0.5 ? value.slice(1) : [...value].reverse()
  else if (isMember(value) && isSchemaKey(key)) owner[key] = swapped(value, other, random)
  return copy
}

function stepped(key: string, value: number, step: number): number {
  if (key === 'multipleOf') return value === 0.5 ? 1 : value * 2
  return /^(min|max)(?!imum)/.test(key) ? Math.max(0, value + step) : value + step
}

function swapped(value: Member, other: JsonValue, random: Random): JsonValue {
  const choice = random()
  if (choice < 0.3) return isMember(other) ? {...value, ...other} : other
  if (choice < 0.5) return {anyOf: [value, other]}
  if (choice < 0.6) return {allOf: [value, other]}
  const keys = Object.keys(value)
  const dropped = keys[Math.floor(random() * keys.length)]
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== dropped))
}

function* membersOf(value: JsonValue, depth: number): Generator<{owner: Member; key: string}> {
  if (Array.isArray(value)) for (const item of value) yield* membersOf(item, depth + 1)
  if (!isMember(value)) return
  for (const key of Object.keys(value)) {
    // The frame of the document stays.
    if (depth > 1 || (depth > 0 && key !== '__proto__')) yield {owner: value, key}
    if (!['enum', 'const', 'required', 'type'].includes(key)) yield* membersOf(value[key] ?? null, depth + 1)
  }
}

const maps = ['properties', 'patternProperties', 'dependentSchemas', 'dependentRequired', '$defs']

function isSchemaKey(key: string): boolean {
  return !maps.includes(key)
}

function isMember(value: JsonValue | undefined): value is Member {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
