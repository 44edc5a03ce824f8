// What is wrong with a schema, so that nothing is concluded from one that means nothing.
import type {Json, JsonObject} from '../surface.ts'
import type {SchemaNode} from './document.ts'
import {isObject} from './ownMember.ts'

const typeNames = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
const isSchema = (value: Json) => typeof value === 'boolean' || isObject(value)
const isNumber = (value: Json) => typeof value === 'number' && Number.isFinite(value)
const isCount = (value: Json) => typeof value === 'number' && Number.isInteger(value) && value >= 0
const isText = (value: Json) => typeof value === 'string'
const isOnce = (value: Json[]) => new Set(value).size === value.length
const isTexts = (value: Json) => Array.isArray(value) && value.every(isText) && isOnce(value)
const isType = (value: Json) => typeof value === 'string' && typeNames.includes(value)
const isSchemas = (value: Json) => Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isMap = (of: (value: Json) => boolean) => (value: Json) => isObject(value) && Object.values(value).every(of)

// Keywords whose value decides something, and what it must be (JSON Schema 2020-12, and draft-07 where it differs).
const shapes: Record<string, (value: Json) => boolean> = {
  type: value => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType) && isOnce(value)),
  enum: value => Array.isArray(value),
  multipleOf: value => isNumber(value) && Number(value) > 0,
  uniqueItems: value => typeof value === 'boolean',
  items: value => isSchema(value) || (Array.isArray(value) && value.every(isSchema)),
  dependencies: isMap(value => isSchema(value) || isTexts(value)),
  dependentRequired: isMap(isTexts),
  required: isTexts,
  ...Object.fromEntries(['pattern', 'format', '$ref', '$dynamicRef', '$recursiveRef'].map(name => [name, isText])),
  ...Object.fromEntries(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map(name => [name, isNumber])),
  ...Object.fromEntries(
    ['Length', 'Items', 'Properties', 'Contains'].flatMap(of => [
      [`min${of}`, isCount],
      [`max${of}`, isCount],
    ]),
  ),
  ...Object.fromEntries(['allOf', 'anyOf', 'oneOf', 'prefixItems'].map(name => [name, isSchemas])),
  ...Object.fromEntries(['properties', 'patternProperties', 'dependentSchemas'].map(name => [name, isMap(isSchema)])),
  ...Object.fromEntries(
    [
      ...['not', 'if', 'then', 'else', 'contains', 'additionalItems', 'additionalProperties', 'propertyNames'],
      ...['unevaluatedItems', 'unevaluatedProperties'],
    ].map(name => [name, isSchema]),
  ),
}

/** Why nothing can be concluded from the schema itself (its subschemas are asked by themselves); undefined when sound. */
export function faultOf({schema, document}: SchemaNode): string | undefined {
  if (typeof schema === 'boolean') return undefined
  if (!isObject(schema))
    return `${Array.isArray(schema) ? 'a list' : JSON.stringify(schema)} stands where a schema should be`
  if (!document.faults.has(schema)) document.faults.set(schema, look(schema, document.dialect === 'unknown'))
  return document.faults.get(schema)
}

function look(schema: JsonObject, strange: boolean): string | undefined {
  if (strange) return 'its $schema names a dialect that is not known here'
  const wrong = Object.entries(schema).find(([name, value]) => Object.hasOwn(shapes, name) && !shapes[name]?.(value))
  return wrong === undefined ? undefined : `the value of ${wrong[0]} is not what JSON Schema allows`
}
