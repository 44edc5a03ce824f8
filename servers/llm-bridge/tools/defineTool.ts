// A tool of the bridge as data, and how it is put on an MCP server: measured, logged, redacted, faults as results.
import type {CallToolResult, McpServer, ToolAnnotations} from '@modelcontextprotocol/server'
import type {z} from 'zod'
import type {Bridge} from '../bridge.ts'
import {ToolFault} from '../routing/toolFault.ts'

export type Said<Output> = {
  /** The result in one sentence, for people. */
  text: string
  /** The result as data; becomes `structuredContent`, and JSON in a second text block for clients that read only text. */
  value: Output
}

export type ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> = {
  name: string
  title: string
  description: string
  input: Input
  output: Output
  annotations: ToolAnnotations
  run: (input: z.infer<Input>, bridge: Bridge, signal: AbortSignal) => Promise<Said<z.infer<Output>>>
}

export type Tool = {name: string; register: (server: McpServer, bridge: Bridge) => void}

/** The definition, ready to be registered on the server of each request. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const {name, title, description, input, output, annotations} = definition
  const config = {title, description, inputSchema: input as z.ZodObject, outputSchema: output, annotations}
  return {
    name,
    register(server, bridge) {
      server.registerTool(name, config, (args, context) =>
        // The SDK has checked the arguments against `input`.
        answer(definition, args as z.infer<Input>, bridge, AbortSignal.any([context.mcpReq.signal, bridge.stopping])),
      )
    },
  }
}

async function answer<Input extends z.ZodObject, Output extends z.ZodObject>(
  {name, run}: ToolDefinition<Input, Output>,
  args: z.infer<Input>,
  bridge: Bridge,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const startedAtMs = performance.now()
  const finish = (outcome: 'ok' | 'error', details: Record<string, unknown>) => {
    const durationMs = Math.round(performance.now() - startedAtMs)
    bridge.metrics.toolCall(name, outcome, durationMs / 1000)
    bridge.log(outcome === 'ok' ? 'info' : 'warning', 'tool call', {
      tool: name,
      outcome,
      duration_ms: durationMs,
      ...details,
    })
  }
  try {
    const {text, value} = await run(args, bridge, signal)
    finish('ok', {result: text})
    const content = [text, JSON.stringify(value)].map(item => ({type: 'text' as const, text: item}))
    return {content, structuredContent: value}
  } catch (error) {
    const message = bridge.redact(faultMessage(error, bridge, signal))
    finish('error', {error: message})
    return {isError: true, content: [{type: 'text', text: message}]}
  }
}

function faultMessage(error: unknown, bridge: Bridge, signal: AbortSignal): string {
  if (error instanceof ToolFault) return error.message
  if (bridge.stopping.aborted) return 'The bridge is stopping, and gave up waiting for the provider. Call again.'
  if (signal.aborted) return 'The call was cancelled.'
  bridge.log('error', 'bug', {stack: error instanceof Error ? error.stack : String(error)})
  return 'The bridge failed in a way it should not; its log has the details.'
}
