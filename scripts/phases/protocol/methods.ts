// Questions for what is not there: a method, a tool, and arguments that the tool's own schema forbids.
import {isJsonObject, type JsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {ToolDefinition} from '../../lib/mcp/listTools.ts'
import {declaredTools} from './callable.ts'
import {type Question, unless} from './question.ts'
import {goodRequest, type Subject} from './subject.ts'

/**
 * JSON-RPC 2.0, 5.1: -32601 "The method does not exist". MCP 2026-07-28, Streamable HTTP: "If the server does not implement
 * the requested RPC method, it MUST respond with 404 Not Found and a JSON-RPC error with code -32601".
 */
export const unknownMethod: Question = {
  name: 'unknown-method',
  told: 'an unknown method gets -32601, with HTTP 404 since 2026-07-28',
  remedy: 'answer -32601 "Method not found"; since 2026-07-28 with HTTP 404',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => [
    await ask({...goodRequest(subject, 'seaworthy/none'), step: 'method', sent: 'the method seaworthy/none'}),
  ],
  faults: asked =>
    unless(
      asked,
      'it must be JSON-RPC -32601, since 2026-07-28 with HTTP 404',
      one => one.code === -32601 && (one.era === 'legacy' || one.status === 404),
    ),
}

/**
 * MCP 2025-11-25 and 2026-07-28, server/tools, Error Handling: unknown tools are a protocol error; the example shows -32602.
 * No MUST stands there, and servers of the older official SDK answer `isError`, so only a success or a breakdown fails.
 */
export const unknownTool: Question = {
  name: 'unknown-tool',
  told: 'a call of an unknown tool is refused',
  remedy: 'answer -32602 "Unknown tool"',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const params = {name: 'seaworthy-no-such-tool', arguments: {}}
    return [await ask({...goodRequest(subject, 'tools/call', params), step: 'tool', sent: `a call of ${params.name}`})]
  },
  faults: asked => unless(asked, 'it must be an error', one => one.code !== undefined || one.result === 'isError'),
  findings: asked =>
    asked
      .filter(one => one.code !== -32602)
      .map(({era, code}) => ({
        severity: 'Low',
        text: `${era}: an unknown tool is answered with ${code ?? 'isError'}; the specification shows -32602`,
      })),
}

/**
 * MCP 2025-11-25 and 2026-07-28, server/tools, Security Considerations: "Servers MUST: Validate all tool inputs". A refusal may be
 * -32602 or, by SEP-1303, a result with `isError`. Only tools that the fleet file itself calls are tried.
 */
export const badArguments: Question = {
  name: 'bad-arguments',
  told: 'arguments of a wrong type are refused, with -32602 or isError',
  remedy: "check arguments against the tool's inputSchema before it runs",
  eras: ['legacy', 'modern'],
  skip: subject =>
    spoilable(subject) === undefined ? 'no tool that the fleet file calls here takes arguments' : undefined,
  ask: async (subject, ask) => {
    const tool = spoilable(subject)
    if (tool === undefined) return []
    const params = {name: tool.name, arguments: spoiled(tool)}
    const request = goodRequest(subject, 'tools/call', params, tool.inputSchema)
    return [await ask({...request, step: 'arguments', sent: `${tool.name} with ${JSON.stringify(params.arguments)}`})]
  },
  faults: asked =>
    unless(asked, 'it must be -32602 or isError', one => one.code === -32602 || one.result === 'isError'),
}

function spoilable({tools, settings, isRehearsal}: Subject): ToolDefinition | undefined {
  const called = declaredTools(settings, isRehearsal)
  return tools.find(tool => called.has(tool.name) && Object.keys(spoiled(tool)).length > 0)
}

/** For every property whose type is told, a value of another type; one that goes into a header cannot be another. */
function spoiled({inputSchema}: ToolDefinition): JsonObject {
  const properties = isJsonObject(inputSchema) && isJsonObject(inputSchema.properties) ? inputSchema.properties : {}
  const pairs = Object.entries(properties).flatMap(([key, property]) => {
    const type = isJsonObject(property) ? property.type : undefined
    if (typeof type !== 'string' || (isJsonObject(property) && property['x-mcp-header'] !== undefined)) return []
    return [[key, type === 'object' ? 'no object' : {seaworthy: 'no such type'}]]
  })
  return Object.fromEntries(pairs)
}
