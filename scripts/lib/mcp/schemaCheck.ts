// Compiles a JSON Schema in the dialect it names, so that values can be checked against it.
import {Ajv, type AnySchema, type Options} from 'ajv'
import {Ajv2019} from 'ajv/dist/2019.js'
import {Ajv2020} from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import {bounded} from './bounded.ts'

/** A compiled schema: `faults` lists what is wrong with a value (empty when it satisfies the schema). */
export type SchemaCheck = {ok: true; faults(value: unknown): string[]} | {ok: false; reason: string}

export interface CompileSchema {
  /**
   * Takes the schema for one that its meta-schema allows, which is not compiled then: that takes a tenth of a second. What cannot
   * be compiled is reported all the same; a keyword with a value of the wrong type may be ignored.
   */
  skipsMetaSchema?: boolean
}

/**
 * Compiles `schema`. The dialect is what `$schema` names, else 2020-12 (MCP 2025-11-25, "JSON Schema usage").
 * A schema that cannot be compiled, or that refers to another document, gives `{ok: false}`: nothing is fetched.
 */
export function compileSchema(schema: unknown, {skipsMetaSchema = false}: CompileSchema = {}): SchemaCheck {
  try {
    const validate = dialect(schema, skipsMetaSchema ? unvalidated : dialects).compile(schema as AnySchema)
    const check = mayRunAway(schema) ? (value: unknown) => bounded(() => validate(value)) : validate
    return {
      ok: true,
      faults(value) {
        try {
          if (check(value)) return []
          return (validate.errors ?? []).map(error => `${error.instancePath || '(root)'} ${error.message}`)
        } catch (error) {
          // What nobody could check was not found good.
          return [`cannot be checked: ${messageOf(error)}`]
        }
      },
    }
  } catch (error) {
    return {ok: false, reason: messageOf(error)}
  }
}

/** Regular expressions take as long as they like, and references may multiply. */
function mayRunAway(schema: unknown): boolean {
  return /"(pattern|patternProperties|\$\w*[rR]ef)":/.test(JSON.stringify(schema))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function dialect(schema: unknown, dialects: Dialects): Ajv {
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
const dialects = dialectsWith(options)
const unvalidated = dialectsWith({...options, validateSchema: false})

type Dialects = ReturnType<typeof dialectsWith>

function dialectsWith(options: Options) {
  return {
    draft7: once(() => withFormats(new Ajv(options))),
    draft2019: once(() => withFormats(new Ajv2019(options))),
    draft2020: once(() => withFormats(new Ajv2020(options))),
  }
}

function withFormats(ajv: Ajv): Ajv {
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
