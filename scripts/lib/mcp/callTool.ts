// Calls one tool and checks its structured result against the schema that the tool declares.
import {isJsonObject, type JsonObject} from './jsonRpc.ts'
import type {Outcome} from './outcome.ts'
import {compileSchema, type SchemaCheck} from './schemaCheck.ts'

/** Options of one request. `inputSchema` is that of a called tool, for `Mcp-Param-*`; `outputCheck` judges its result. */
export type RequestOptions = {
  timeoutMs?: number
  signal?: AbortSignal
  inputSchema?: unknown
  outputCheck?: SchemaCheck
}

/** Options of one call. Schemas given here win over the listed ones. */
export type CallToolOptions = {timeoutMs?: number; signal?: AbortSignal; inputSchema?: unknown; outputSchema?: unknown}

/** What is called, as listed where it was listed; `checks` remembers compiled schemas between calls. */
export type ToolCall = {name: string; values: JsonObject; listed?: JsonObject; checks: WeakMap<object, SchemaCheck>}

type Request = (method: string, params: JsonObject, options?: RequestOptions) => Promise<Outcome>

/** Sends `tools/call`. A declared schema that cannot be compiled gives the outcome `schema-broken`. */
export function callTool(request: Request, call: ToolCall, options: CallToolOptions = {}): Promise<Outcome> {
  const outputSchema = options.outputSchema ?? call.listed?.outputSchema
  return request(
    'tools/call',
    {name: call.name, arguments: call.values},
    {
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      inputSchema: options.inputSchema ?? call.listed?.inputSchema,
      outputCheck: outputSchema === undefined ? undefined : compiled(outputSchema, call.checks),
    },
  )
}

function compiled(schema: unknown, checks: WeakMap<object, SchemaCheck>): SchemaCheck {
  // Whether schemas are what their meta-schema allows is judged where tools are; a call is for what the server answers.
  if (!isJsonObject(schema)) return compileSchema(schema, {skipsMetaSchema: true})
  const known = checks.get(schema)
  if (known) return known
  const check = compileSchema(schema, {skipsMetaSchema: true})
  checks.set(schema, check)
  return check
}
