// The kinds of JSON values that a schema lets through, whole numbers apart from others.
import type {Json, JsonObject} from '../surface.ts'
import {equalJson} from './equalJson.ts'
import {listAt, numberAt, ownMember} from './ownMember.ts'
import type {SchemaCase} from './schemaCase.ts'

export const kinds = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'] as const
export type Kind = (typeof kinds)[number]

/** 1.0 is an integer (JSON Schema 2020-12, validation 6.1.1). */
export function kindOf(value: Json): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction'
  return typeof value as 'boolean' | 'string' | 'object'
}

/** What the keyword `type` allows; everything where it is absent. */
export function kindsOfType(keywords: JsonObject): ReadonlySet<Kind> {
  const type = ownMember(keywords, 'type')
  if (type === undefined) return new Set(kinds)
  const names = Array.isArray(type) ? type : [type]
  return new Set(kinds.filter(kind => names.includes(kind) || (names.includes('number') && isNumber(kind))))
}

/** An upper bound: no value of another kind is in the case. */
export function kindsOf({parts, never}: SchemaCase): ReadonlySet<Kind> {
  if (never) return new Set()
  let left: Kind[] = [...kinds]
  for (const {keywords} of parts) {
    const allowed = kindsOfType(keywords)
    left = left.filter(kind => allowed.has(kind))
    const values = valuesOf(keywords)
    if (values !== undefined) left = left.filter(kind => values.some(value => kindOf(value) === kind))
    // A multiple of a whole number is whole.
    if (Number.isInteger(numberAt(keywords, 'multipleOf') ?? 0.5)) left = left.filter(kind => kind !== 'fraction')
  }
  return new Set(left)
}

/** The only values that `enum` and `const` of one schema allow, none where they contradict; undefined where it has neither. */
export function valuesOf(keywords: JsonObject): Json[] | undefined {
  const listed = ownMember(keywords, 'enum') === undefined ? undefined : listAt(keywords, 'enum')
  const constant = ownMember(keywords, 'const')
  if (constant === undefined) return listed
  return listed === undefined || listed.some(value => equalJson(value, constant)) ? [constant] : []
}

export function isNumber(kind: Kind): boolean {
  return kind === 'integer' || kind === 'fraction'
}
