// The fleet's tools are discovered, each with its server, and every tool that the fleet file names is among them.
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import type {ToolDefinition} from '../lib/mcp/listTools.ts'
import type {Outcome} from '../lib/mcp/outcome.ts'
import {compileSchema} from '../lib/mcp/schemaCheck.ts'
import {openServer} from './clientOf.ts'
import type {Check, Phase} from './phase.ts'
import {rememberTools} from './toolCatalogue.ts'

interface ToolsSeen {
  opened: Outcome
  listed: Outcome | undefined
  tools: ToolDefinition[]
  /** Names in the order of a second listing. */
  again: string[]
}

/** Every tool of the fleet with the server that has it (row C2). */
interface Catalogue {
  tools: {tool: string; servers: string[]}[]
}

export const tools: Phase<ToolsSeen, Catalogue> = {
  name: 'tools',
  title: 'Tools are listed and valid, and include those that the fleet file names',
  deadlineMs: settings => (settings?.client.timeoutMs ?? 5000) * 6,

  server: {
    observe: async (context, server) => {
      const opened = await openServer(server, server.through, context)
      if (!opened.ok) return {opened: opened.outcome, listed: undefined, tools: [], again: []}
      try {
        const first = await opened.client.listTools()
        const second = await opened.client.listTools()
        const good = first.outcome.kind === 'result'
        if (good) rememberTools(context, server, first.tools, new Date())
        return {
          opened: opened.outcome,
          listed: first.outcome,
          tools: first.tools,
          again: second.tools.map(tool => tool.name),
        }
      } finally {
        await opened.client.close()
      }
    },
    evidence: () => ({have: 1, need: 1, what: 'attempts to list'}),
    judge: (seen, settings) => {
      const listing = judgeListing(seen)
      return listing.verdict === 'pass'
        ? [listing, judgeNamed(seen, settings), judgeSchemas(seen), judgeOrder(seen)]
        : [listing]
    },
  },

  fleet: {
    observe: async (_, servers) => {
      const pairs = [...servers].flatMap(([server, seen]) => seen.tools.map(({name}) => ({tool: name, server})))
      return {
        tools: [...Map.groupBy(pairs, pair => pair.tool)].map(([tool, found]) => ({
          tool,
          servers: found.map(pair => pair.server),
        })),
      }
    },
    evidence: ({tools}) => ({have: tools.length, need: 1, what: 'tools found in the whole fleet'}),
    judge: ({tools}) => [judgeCatalogue(tools)],
  },
}

function judgeListing({opened, listed, tools}: ToolsSeen): Check {
  const name = 'listed'
  if (listed === undefined)
    return {
      name,
      verdict: 'fail',
      detail: `could not be opened: ${opened.summary}`,
      byTime: opened.kind === 'deadline',
      remedy: 'see the health ladder of this server',
    }
  if (listed.kind !== 'result')
    return {
      name,
      verdict: 'fail',
      detail: listed.summary,
      byTime: listed.kind === 'deadline',
      remedy: 'tools/list must answer before anything can be called',
    }
  if (tools.length === 0)
    return {name, verdict: 'inconclusive', detail: 'the server lists no tool', value: 0, limit: 1, unit: 'tools'}
  return {
    name,
    verdict: 'pass',
    detail: `${tools.length} tools in ${Math.round(listed.ms)} ms`,
    value: tools.length,
    limit: 1,
    unit: 'tools',
    evidence: tools.map(tool => tool.name).join(', '),
  }
}

function judgeNamed({tools}: ToolsSeen, {probe, calls}: FleetServer): Check {
  const name = 'declared-exist'
  const declared = [...new Set([...(probe ? [probe] : []), ...calls].map(call => call.tool))]
  const missing = declared.filter(tool => !tools.some(candidate => candidate.name === tool))
  const numbers = {value: missing.length, limit: 0, unit: 'missing'}
  if (declared.length === 0) return {name, verdict: 'skip', detail: 'the fleet file names no tool of this server'}
  if (missing.length === 0)
    return {
      name,
      verdict: 'pass',
      detail: `all ${declared.length} tools that the fleet file names are listed`,
      ...numbers,
    }
  return {
    name,
    verdict: 'fail',
    detail: `not listed: ${missing.join(', ')}`,
    remedy: `the server lists ${tools.map(tool => tool.name).join(', ')}`,
    ...numbers,
  }
}

function judgeSchemas({tools}: ToolsSeen): Check {
  const broken = tools.flatMap(({name, inputSchema, outputSchema}) => {
    const faults = [
      schemaFault('inputSchema', inputSchema ?? null),
      ...(outputSchema === undefined ? [] : [schemaFault('outputSchema', outputSchema)]),
    ]
    return faults.flatMap(fault => (fault === undefined ? [] : [`${name}.${fault}`]))
  })
  const numbers = {value: broken.length, limit: 0, unit: 'broken', evidence: broken.join('\n') || undefined}
  if (broken.length === 0)
    return {name: 'schemas-usable', verdict: 'pass', detail: `the schemas of ${tools.length} tools compile`, ...numbers}
  return {
    name: 'schemas-usable',
    verdict: 'fail',
    detail: `${broken.length} schemas cannot be used: ${broken[0]}`,
    remedy: 'clients that check arguments will refuse these tools',
    ...numbers,
  }
}

function schemaFault(kind: string, schema: unknown): string | undefined {
  const check = compileSchema(schema)
  return check.ok ? undefined : `${kind}: ${check.reason}`
}

/** Specification 2026-07-28, server/tools: the order SHOULD be deterministic. */
function judgeOrder({tools, again}: ToolsSeen): Check {
  const first = tools.map(tool => tool.name)
  const same = first.length === again.length && first.every((name, index) => name === again[index])
  return {
    name: 'order-stable',
    verdict: same ? 'pass' : 'fail',
    detail: same
      ? 'two listings name the same tools in the same order'
      : `a second listing differs: ${again.join(', ')}`,
    remedy: same ? undefined : 'sort the list: clients keep it in prompts, where order costs cache hits',
  }
}

// Two servers with a tool of the same name are lawful, but a client that merges them must choose; so it is shown.
function judgeCatalogue(found: Catalogue['tools']): Check {
  const shared = found.filter(entry => entry.servers.length > 1)
  const servers = new Set(found.flatMap(entry => entry.servers))
  const note =
    shared.length === 0
      ? ''
      : `; on more than one server: ${shared.map(entry => `${entry.tool} (${entry.servers.join(', ')})`).join(', ')}`
  return {
    name: 'catalogue',
    verdict: 'pass',
    detail: `${found.length} tools on ${servers.size} servers${note}`,
    value: found.length,
    unit: 'tools',
  }
}
