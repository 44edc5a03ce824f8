// Compiles a JSON Schema in the dialect it names, so that values can be checked against it.
import {createRequire} from 'node:module'
import type {Ajv, AnySchema} from 'ajv'

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

function dialect(schema: unknown): Ajv {
  const named = (schema as {$schema?: unknown} | null)?.$schema
  const name = typeof named === 'string' ? named : ''
  if (/draft-0[67]/.test(name)) return dialects.draft7()
  return /2019-09/.test(name) ? dialects.draft2019() : dialects.draft2020()
}

const options = {
  strict: false,
  allErrors: true,
  logger: false,
  // Schemas of different servers may bear the same $id and must not meet.
  addUsedSchema: false,
} as const

// Made when first needed, and once: the meta-schemas alone take longer to compile than most tools' schemas.
const dialects = {
  draft7: once(() => compiler('ajv')),
  draft2019: once(() => compiler('ajv/dist/2019.js')),
  draft2020: once(() => compiler('ajv/dist/2020.js')),
}

// Loaded only then, too: every step reads the fleet file, and few fleet files hold a schema.
const load = createRequire(import.meta.url)

function compiler(dialect: string): Ajv {
  const {default: Compiler} = load(dialect) as typeof import('ajv')
  const {default: addFormats} = load('ajv-formats') as typeof import('ajv-formats')
  const ajv = new Compiler(options)
  addFormats.default(ajv)
  return ajv
}

function once<Value>(make: () => Value): () => Value {
  let made: {value: Value} | undefined
  return () => {
    made ??= {value: make()}
    return made.value
  }
}
