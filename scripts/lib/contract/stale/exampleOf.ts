// Makes a value that a JSON Schema allows, the least or the fullest; nothing where none is found that the schema takes.
import {compileSchema} from '../../mcp/schemaCheck.ts'

type Schema = Record<string, unknown>

/** `least` has what is required alone, `full` every property. */
export type Fullness = 'least' | 'full'

/** Deep enough for real tools; a schema that refers to itself ends here. */
const deepest = 8
/** Of how many alternatives of `anyOf` and `oneOf` each is tried. */
const alternatives = 3

/** Checked with the schema itself before it is given back, so that it is what a conforming client may send. Never throws. */
export function exampleOf(schema: unknown, fullness: Fullness): unknown {
  const check = compileSchema(schema)
  if (!check.ok) return undefined
  for (let choice = 0; choice < alternatives; choice += 1) {
    try {
      const example = build(schema, {root: schema, fullness, choice, depth: 0})
      if (example !== undefined && check.faults(example).length === 0) return example
    } catch {
      // A schema that our simple walk cannot follow gives no example; it is no fault of the server.
    }
  }
  return undefined
}

interface Walk {
  root: unknown
  fullness: Fullness
  choice: number
  depth: number
}

function build(schema: unknown, walk: Walk): unknown {
  if (schema === true) return {}
  if (!isObject(schema) || walk.depth > deepest) return undefined
  const whole = resolved(schema, walk)
  if ('const' in whole) return whole.const
  if ('default' in whole && walk.choice === 0) return whole.default
  if (Array.isArray(whole.examples) && whole.examples.length > 0) return whole.examples[0]
  if (Array.isArray(whole.enum)) return whole.enum[0]
  return byType(typeOf(whole), whole, walk)
}

function byType(type: string, schema: Schema, walk: Walk): unknown {
  if (type === 'object') return objectOf(schema, walk)
  if (type === 'array') return arrayOf(schema, walk)
  if (type === 'string') return stringOf(schema)
  if (type === 'integer' || type === 'number') return numberOf(schema, type)
  if (type === 'boolean') return false
  return null
}

function objectOf({properties, required}: Schema, walk: Walk): unknown {
  const known = isObject(properties) ? properties : {}
  const needed = Array.isArray(required) ? required.map(String) : []
  const names = walk.fullness === 'full' && walk.depth < 3 ? [...new Set([...needed, ...Object.keys(known)])] : needed
  const members = names.flatMap(name => {
    const value = build(known[name] ?? true, {...walk, depth: walk.depth + 1})
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(members)
}

function arrayOf({items, prefixItems, minItems}: Schema, walk: Walk): unknown {
  const fixed = Array.isArray(prefixItems) ? prefixItems : []
  const least = Math.max(Number(minItems ?? 0), walk.fullness === 'full' ? 1 : 0, fixed.length)
  if (least > 100) return undefined
  const deeper = {...walk, depth: walk.depth + 1}
  const values = Array.from({length: least}, (_, index) => build(fixed[index] ?? items ?? true, deeper))
  return values.some(value => value === undefined) ? [] : values
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'someone@example.org',
  uri: 'https://example.org/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '127.0.0.1',
  hostname: 'example.org',
}

function stringOf({format, minLength, maxLength}: Schema): unknown {
  const known = typeof format === 'string' ? formats[format] : undefined
  if (known !== undefined) return known
  const length = Number(minLength ?? 0)
  return length > 10_000
    ? undefined
    : 'example'.padEnd(length, 'e').slice(0, Number(maxLength ?? Number.POSITIVE_INFINITY))
}

function numberOf(schema: Schema, type: string): number {
  const {minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf} = schema
  const step = type === 'integer' ? 1 : 0.5
  const floor = Math.max(
    typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY,
    typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : Number.NEGATIVE_INFINITY,
  )
  const ceiling = Math.min(
    typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY,
    typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : Number.POSITIVE_INFINITY,
  )
  const wanted = Math.min(Math.max(1, floor), ceiling)
  const unit = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : type === 'integer' ? 1 : undefined
  return unit === undefined ? wanted : Math.ceil(wanted / unit) * unit
}

function typeOf({type, properties, required, items, prefixItems}: Schema): string {
  const [named] = [type].flat().filter(one => one !== 'null')
  if (typeof named === 'string') return named
  if (properties !== undefined || required !== undefined) return 'object'
  return items !== undefined || prefixItems !== undefined ? 'array' : 'string'
}

/** The schema with what it refers to, all of `allOf`, and the chosen alternative laid over one another. */
function resolved(schema: Schema, walk: Walk, hops = 0): Schema {
  if (hops > deepest) throw new Error('it refers to itself')
  const {$ref, allOf, anyOf, oneOf, ...own} = schema
  const options = [anyOf, oneOf].filter(list => Array.isArray(list)) as unknown[][]
  const parts = [
    ...(typeof $ref === 'string' ? [at(walk.root, $ref)] : []),
    ...(Array.isArray(allOf) ? allOf : []),
    ...options.map(list => list[Math.min(walk.choice, list.length - 1)]),
  ]
  return parts.filter(isObject).reduce<Schema>((whole, part) => overlaid(whole, resolved(part, walk, hops + 1)), own)
}

function overlaid(whole: Schema, part: Schema): Schema {
  return {
    ...whole,
    ...part,
    ...(isObject(whole.properties) || isObject(part.properties)
      ? {properties: {...(whole.properties as object), ...(part.properties as object)}}
      : {}),
    ...(Array.isArray(whole.required) || Array.isArray(part.required)
      ? {required: [...((whole.required as unknown[]) ?? []), ...((part.required as unknown[]) ?? [])]}
      : {}),
  }
}

function at(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined
  const words = decodeURIComponent(reference.slice(1)).split('/').slice(1)
  return words.reduce<unknown>(
    (value, word) => (value as Schema | undefined)?.[word.replaceAll('~1', '/').replaceAll('~0', '~')],
    root,
  )
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
