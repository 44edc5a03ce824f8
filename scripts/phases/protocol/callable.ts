// Which tools may be called here with arguments that nobody declared: a server that takes them in runs the tool.
import {isSafe} from '../../lib/contract/stale/staleCalls.ts'
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import type {ToolDefinition} from '../../lib/mcp/listTools.ts'
import type {Subject} from './subject.ts'

/** Tools that the fleet file itself calls on such an instance. */
export function declaredTools({probe, calls}: FleetServer, isRehearsal: boolean): Set<string> {
  const here = calls.filter(call => isRehearsal || call.on === 'any')
  return new Set([...(probe ? [probe] : []), ...here].map(call => call.tool))
}

export interface Callable {
  /** In the order of the server. */
  listed: string[]
  /**
   * Those that the fleet file calls here, and those that say of themselves that they change nothing and reach nobody; on a
   * rehearsal it is enough that they change nothing.
   */
  callable: string[]
}

export function callableOf({
  tools,
  settings,
  isRehearsal,
}: Pick<Subject, 'tools' | 'settings' | 'isRehearsal'>): Callable {
  const declared = declaredTools(settings, isRehearsal)
  const may = ({name, annotations}: ToolDefinition) =>
    declared.has(name) ||
    isSafe({name, annotations: annotations as never}) ||
    (isRehearsal && (annotations as {readOnlyHint?: unknown} | undefined)?.readOnlyHint === true)
  return {listed: tools.map(({name}) => name), callable: tools.filter(may).map(({name}) => name)}
}

/** Whether a tool of that name is one that only the fixture of the official suite has. */
export const isOfFixture = (name: string) => name.startsWith('test_')

/** Whether a call of that name can harm nobody: it may be called, or it is one of the fixture's and there is none. */
export function mayCall(name: string, seen: readonly Callable[]): boolean {
  if (seen.some(({callable}) => callable.includes(name))) return true
  return isOfFixture(name) && !seen.some(({listed}) => listed.includes(name))
}
