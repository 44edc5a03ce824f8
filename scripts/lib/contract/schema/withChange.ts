// A schema as it would be if only some of its changes had been made; the rest of it is shared, not copied.
import type {Json} from '../surface.ts'
import type {SchemaChange} from './changesOf.ts'
import {isObject, ownMember} from './ownMember.ts'

export function withChange(schema: Json, {path, after}: SchemaChange): Json {
  return replaced(schema, path, after) ?? true
}

function replaced(at: Json | undefined, path: readonly string[], value: Json | undefined): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(at))
    return at.map((item, index) => (String(index) === key ? (replaced(item, rest, value) ?? true) : item))
  // A map such as `properties` may be new itself.
  const object = isObject(at) ? at : {}
  const member = replaced(ownMember(object, key), rest, value)
  const others = Object.entries(object).filter(([name]) => name !== key)
  return Object.fromEntries(member === undefined ? others : [...others, [key, member]])
}
