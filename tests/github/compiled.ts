// A schema of OpenAPI 3.0 as a function that validates, by ajv.
import {Ajv, type ValidateFunction} from 'ajv'
import addFormats from 'ajv-formats'

/** `coerced`: for parameters, which arrive as text. */
export function compiled(schema: object, {coerced = false} = {}): ValidateFunction {
  const ajv = new Ajv({strict: false, allErrors: true, coerceTypes: coerced})
  addFormats.default(ajv)
  return ajv.compile(withNull(schema) as object)
}

// OpenAPI 3.0 says `nullable` beside whatever else; JSON Schema has null as a type.
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull)
  if (schema === null || typeof schema !== 'object') return schema
  const {nullable, ...rest} = schema as Record<string, unknown>
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withNull(value)]))
  if (nullable === true) return {anyOf: [{type: 'null'}, inner]}
  return nullable === undefined || nullable === false ? inner : {...inner, nullable: withNull(nullable)}
}
