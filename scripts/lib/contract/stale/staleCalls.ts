// The calls that a client with the old contract may lawfully make, and that are safe to make here.
import {fillKept} from '../../expect/fillKept.ts'
import type {FleetServer} from '../../fleet/resolveFleet.ts'
import type {JsonObject} from '../../mcp/jsonRpc.ts'
import type {ContractDifference} from '../contractDifferences.ts'
import type {Surface, Tool} from '../surface.ts'
import {exampleOf, type Fullness} from './exampleOf.ts'

export interface StaleCall {
  tool: string
  arguments: JsonObject
  /** `declared` in the fleet file of the earlier release, or made from the old schema. */
  from: 'declared' | 'example'
  /** The new contract treats this tool otherwise. */
  differs: boolean
  inputSchema?: unknown
  outputSchema?: unknown
}

export interface ChooseStaleCalls {
  old: Surface
  /** Of the old contract and the new one. */
  differences: readonly ContractDifference[]
  declared: FleetServer['calls']
  rehearsal: boolean
}

/** Enough to see a server that refuses what it took; the tools that differ come first. */
const examplesAtMost = 60
/** Of tools that do not differ: that they still answer is what the phase `calls` judges. */
const sameAtMost = 6

/** `unsafe` counts tools that no call was made of: neither marked as safe nor declared. */
export function chooseStaleCalls({old, differences, declared, rehearsal}: ChooseStaleCalls): {
  calls: StaleCall[]
  unsafe: string[]
} {
  const differing = new Set(differences.flatMap(({pointer}) => toolOf(pointer) ?? []))
  const tools = new Map(old.tools.map(tool => [tool.name, tool]))
  const call = (tool: Tool, values: JsonObject, from: StaleCall['from']): StaleCall => ({
    tool: tool.name,
    arguments: values,
    from,
    differs: differing.has(tool.name),
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
  })
  const fromFile = declared.flatMap(({tool: name, arguments: values, on}) => {
    const tool = tools.get(name)
    // What needs the answer of an earlier call is no call that stands for itself.
    const isWhole = fillKept(values, {}).missing.length === 0
    return tool === undefined || !isWhole || (on === 'rehearsal' && !rehearsal)
      ? []
      : [call(tool, values as JsonObject, 'declared')]
  })
  const safe = old.tools.filter(isSafe)
  const chosen = [
    ...safe.filter(({name}) => differing.has(name)),
    ...safe.filter(({name}) => !differing.has(name)).slice(0, sameAtMost),
  ]
  const examples = chosen.flatMap(tool => examplesOf(tool).map(values => call(tool, values, 'example')))
  const calls = [...fromFile, ...examples.slice(0, examplesAtMost)]
  const called = new Set(calls.map(({tool}) => tool))
  return {calls, unsafe: [...differing].filter(name => tools.has(name) && !called.has(name))}
}

/** Says of itself that it changes nothing and reaches nobody; silence means that it may (MCP, ToolAnnotations). */
export function isSafe({annotations}: Tool): boolean {
  const {readOnlyHint, openWorldHint} = (annotations ?? {}) as {readOnlyHint?: unknown; openWorldHint?: unknown}
  return readOnlyHint === true && openWorldHint === false
}

function examplesOf({inputSchema}: Tool): JsonObject[] {
  const made = (['least', 'full'] satisfies Fullness[]).map(fullness => exampleOf(inputSchema, fullness))
  const distinct = new Map(made.flatMap(one => (isObject(one) ? [[JSON.stringify(one), one] as const] : [])))
  return [...distinct.values()]
}

/** The tool that a pointer leads into; RFC 6901 writes `/` in a name as `~1` and `~` as `~0`. */
function toolOf(pointer: string): string | undefined {
  const [, list, name] = pointer.split('/')
  return list === 'tools' && name !== undefined ? name.replaceAll('~1', '/').replaceAll('~0', '~') : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
