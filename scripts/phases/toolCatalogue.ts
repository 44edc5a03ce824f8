// The tools of a server as a run knows them: kept in the journal for the time that the fleet file allows.

import {fact} from '../lib/journal/facts.ts'
import type {ToolDefinition} from '../lib/mcp/listTools.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import type {PhaseContext} from './phase.ts'

interface Remembered {
  at: string
  instance: string
  tools: ToolDefinition[]
}

/** A list that is longer than `cacheTools` is not kept: half a list would refuse tools that are there. */
export function rememberTools(context: PhaseContext, server: InstanceServer, tools: ToolDefinition[], now: Date): void {
  if (tools.length > server.settings.client.cacheTools) return
  const value: Remembered = {at: now.toISOString(), instance: context.instance.name, tools}
  context.remember(factName(server), value)
}

/** The remembered tools, or undefined when there are none of this instance or they are older than `cacheTtlSeconds`. */
export function recallTools(context: PhaseContext, server: InstanceServer, now: Date): ToolDefinition[] | undefined {
  const found = fact<Remembered>(context.entries(), factName(server))
  if (found === undefined || found.instance !== context.instance.name) return undefined
  const ageSeconds = (now.getTime() - Date.parse(found.at)) / 1000
  return ageSeconds <= server.settings.client.cacheTtlSeconds ? found.tools : undefined
}

function factName(server: InstanceServer): string {
  return `tools.${server.name}`
}
