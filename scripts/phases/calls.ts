// The tool calls that the fleet file declares answer what it expects, in the declared order.

import {checkName} from '../lib/expect/checkName.ts'
import {fillKept} from '../lib/expect/fillKept.ts'
import {select} from '../lib/expect/jsonPath.ts'
import {isLateOnly, judgeExpectation} from '../lib/expect/judgeExpectation.ts'
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import type {Call} from '../lib/fleet/schema.ts'
import type {McpClient} from '../lib/mcp/connect.ts'
import type {JsonObject} from '../lib/mcp/jsonRpc.ts'
import type {ToolDefinition} from '../lib/mcp/listTools.ts'
import type {Outcome} from '../lib/mcp/outcome.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import {openServer} from './clientOf.ts'
import type {Check, Phase, PhaseContext} from './phase.ts'
import {recallTools, rememberTools} from './toolCatalogue.ts'

interface CallSeen {
  title: string
  tool: string
  arguments: JsonObject
  /** Absent when the call was not sent. */
  outcome?: Outcome
  /** Why it was not sent. */
  unsent?: string
  /** It was not to be sent here. */
  leftOut?: true
}

interface CallsSeen {
  opened: Outcome
  calls: CallSeen[]
}

export const calls: Phase<CallsSeen> = {
  name: 'calls',
  title: 'Declared tool calls return the expected results',
  deadlineMs: settings => (settings ? settings.client.timeoutMs * (settings.calls.length + 3) : 5000),

  server: {
    skip: settings => (settings.calls.length === 0 ? 'the fleet file declares no calls of this server' : undefined),
    observe: async (context, server) => {
      const opened = await openServer(server, server.through, context)
      if (!opened.ok) return {opened: opened.outcome, calls: []}
      try {
        return {opened: opened.outcome, calls: await makeCalls(opened.client, context, server)}
      } finally {
        await opened.client.close()
      }
    },
    evidence: seen => ({have: 1 + seen.calls.length, need: 1, what: 'observations'}),
    judge: ({opened, calls: seen}, settings) => {
      if (seen.length > 0) return seen.map((call, index) => judgeCall(call, settings.calls[index]))
      return [
        {
          name: 'opened',
          verdict: 'fail',
          detail: `could not be opened, so no call was made: ${opened.summary}`,
          byTime: opened.kind === 'deadline',
          remedy: 'see the health ladder of this server',
        },
      ]
    },
  },
}

async function makeCalls(client: McpClient, context: PhaseContext, server: InstanceServer): Promise<CallSeen[]> {
  const tools = await knownTools(client, context, server)
  const kept: Record<string, unknown> = {}
  const seen: CallSeen[] = []
  for (const call of server.settings.calls) {
    context.signal.throwIfAborted()
    const leftOut = call.on === 'rehearsal' && !isRehearsal(context.instance)
    seen.push(
      leftOut
        ? {title: call.name ?? call.tool, tool: call.tool, arguments: {}, leftOut}
        : await makeCall(client, call, tools, kept),
    )
  }
  return seen
}

// An unknown tool is refused here, before it is sent (row C3): what a server does with one is not ours to find out.
async function makeCall(
  client: McpClient,
  call: Call,
  tools: ToolDefinition[],
  kept: Record<string, unknown>,
): Promise<CallSeen> {
  const {value, missing} = fillKept(call.arguments, kept)
  const seen = {title: call.name ?? call.tool, tool: call.tool, arguments: value as JsonObject}
  const tool = tools.find(candidate => candidate.name === call.tool)
  if (tool === undefined)
    return {
      ...seen,
      unsent: `the server has no tool ${call.tool}; it has ${tools.map(({name}) => name).join(', ') || 'none'}`,
    }
  if (missing.length > 0) return {...seen, unsent: `no earlier call kept ${missing.join(', ')}`}
  const outcome = await client.callTool(call.tool, seen.arguments, {
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
  })
  for (const [name, path] of Object.entries(call.keep)) {
    const [found] = outcome.result === undefined ? [] : select(path, outcome.result)
    if (found !== undefined) kept[name] = found
  }
  return {...seen, outcome}
}

async function knownTools(client: McpClient, context: PhaseContext, server: InstanceServer): Promise<ToolDefinition[]> {
  const recalled = recallTools(context, server, new Date())
  if (recalled !== undefined) return recalled
  const {outcome, tools} = await client.listTools()
  if (outcome.kind === 'result') rememberTools(context, server, tools, new Date())
  return tools
}

function judgeCall(
  {title, tool, outcome, unsent, leftOut, arguments: sent}: CallSeen,
  call: FleetServer['calls'][number] | undefined,
): Check {
  const name = checkName(title)
  const asked = `tools/call ${tool} ${JSON.stringify(sent)}`
  if (leftOut) return {name, verdict: 'skip', detail: 'writes, so it is made on rehearsals only'}
  if (call === undefined) throw new Error(`there is no declared call for ${title}`)
  if (outcome === undefined)
    return {
      name,
      verdict: 'fail',
      detail: `was not sent: ${unsent}`,
      remedy: 'fix the name of the tool in the fleet file, or find out why the server lost it',
      evidence: asked,
    }
  const faults = judgeExpectation(outcome, call.expect)
  const numbers = {
    value: Math.round(outcome.ms),
    limit: call.expect.latencyMs,
    unit: 'ms',
    evidence: `${asked}\n${JSON.stringify(outcome.result ?? outcome.error ?? outcome.text ?? null).slice(0, 1500)}`,
  }
  if (faults.length === 0)
    return {name, verdict: 'pass', detail: `${tool} answered as expected in ${Math.round(outcome.ms)} ms`, ...numbers}
  return {
    name,
    verdict: 'fail',
    detail: faults.join('; '),
    byTime: isLateOnly(outcome, call.expect),
    remedy: 'compare the answer in the evidence with expect: in the fleet file',
    ...numbers,
  }
}
