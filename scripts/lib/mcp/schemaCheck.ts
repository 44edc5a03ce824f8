// Compiles a JSON Schema in the dialect it names, so that values can be checked against it.
import {Ajv, type AnySchema} from 'ajv'
import {Ajv2019} from 'ajv/dist/2019.js'
import {Ajv2020} from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** A compiled schema: `faults` lists what is wrong with a value (empty when it satisfies the schema). */
export type SchemaCheck = {ok: true; faults(value: unknown): string[]} | {ok: false; reason: string}

/**
 * Compiles `schema`. The dialect is what `$schema` names, else 2020-12 (MCP 2025-11-25, "JSON Schema usage").
 * A schema that cannot be compiled, or that refers to another document, gives `{ok: false}`: nothing is fetched.
 */
export function compileSchema(schema: unknown): SchemaCheck {
  try {
    const validate = dialect(schema).compile(schema as AnySchema)
    return {
      ok: true,
      faults(value) {
        if (validate(value)) return []
        return (validate.errors ?? []).map(error => `${error.instancePath || '(root)'} ${error.message}`)
      },
    }
  } catch (error) {
    return {ok: false, reason: error instanceof Error ? error.message : String(error)}
  }
}

function dialect(schema: unknown) {
  const named = (schema as {$schema?: unknown} | null)?.$schema
  const name = typeof named === 'string' ? named : ''
  const options = {strict: false, allErrors: true, logger: false} as const
  const ajv = /draft-0[67]/.test(name)
    ? new Ajv(options)
    : /2019-09/.test(name)
      ? new Ajv2019(options)
      : new Ajv2020(options)
  addFormats.default(ajv)
  return ajv
}
