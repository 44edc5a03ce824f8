// What a caller asks over and over: the declared tool call, or tools/list where none is declared.
import type {JsonObject} from '../mcp/jsonRpc.ts'
import type {ToolDefinition} from '../mcp/listTools.ts'
import type {ToolUse} from './target.ts'

/** One request. `inputSchema` is that of the tool, whose marked arguments modern requests repeat in headers. */
export type Ask = {
  method: string
  params: JsonObject
  inputSchema?: unknown
  expect?: (result: JsonObject) => string[]
}

/** `tools` are those that the server lists. */
export function askFor(use: ToolUse | undefined, tools: readonly ToolDefinition[]): Ask {
  if (use === undefined) return {method: 'tools/list', params: {}}
  return {
    method: 'tools/call',
    params: {name: use.tool, arguments: use.arguments ?? {}},
    inputSchema: tools.find(tool => tool.name === use.tool)?.inputSchema,
    expect: use.expect,
  }
}
