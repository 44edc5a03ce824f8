// The JSON Schema of the fleet file, made from the same definitions that check it.
import {z} from '../saved/zod.ts'
import {fleetFile} from './schema.ts'

/** JSON Schema 2020-12. Wherever a number or a switch may stand, a reference such as `${NAME:-5}` may stand too. */
export function schemaText(): string {
  const schema = z.toJSONSchema(fleetFile, {
    io: 'input',
    reused: 'inline',
    override: ({jsonSchema}) => {
      const {type} = jsonSchema
      if (type !== 'number' && type !== 'integer' && type !== 'boolean') return
      const own = {...jsonSchema}
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key]
      const {description, default: fallback, ...rest} = own
      Object.assign(jsonSchema, {
        anyOf: [rest, {type: 'string', pattern: '^\\$\\{.*\\}$'}],
        ...(description ? {description} : {}),
        ...(fallback === undefined ? {} : {default: fallback}),
      })
    },
  })
  return `${JSON.stringify({title: 'fleet.yaml of Seaworthy', ...schema}, null, 2)}\n`
}
