// What the tests of phases share: servers with defaults, a context that touches nothing, and a run that keeps its entries.

import type {FleetServer} from '../../scripts/lib/fleet/resolveFleet.ts'
import type {Acceptance} from '../../scripts/lib/fleet/schema.ts'
import {server as serverSchema} from '../../scripts/lib/fleet/schema.ts'
import type {CheckEntry, EntryBody} from '../../scripts/lib/journal/entry.ts'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import type {CarryOver} from '../../scripts/phases/carryOver.ts'
import type {Check, Phase, PhaseContext} from '../../scripts/phases/phase.ts'
import {runPhase} from '../../scripts/phases/runPhase.ts'

export function settingsOf(declared: object = {}, name = 'one'): FleetServer {
  return {name, ...serverSchema.parse({source: {npm: 'one@1.0.0'}, command: ['one'], ...declared})}
}

export function contextOf(servers: readonly FleetServer[], signal = new AbortController().signal): PhaseContext {
  return {
    servers: servers.map(settings => ({name: settings.name, settings}) as InstanceServer),
    signal,
    entries: () => [],
  } as unknown as PhaseContext
}

export interface Ran {
  checks: CheckEntry[]
  recorded: EntryBody[]
}

export async function ran<ServerSeen, FleetSeen>(
  phase: Phase<ServerSeen, FleetSeen>,
  {
    servers = [settingsOf()],
    accept = [],
    signal,
    carryOver,
  }: {servers?: FleetServer[]; accept?: Acceptance[]; signal?: AbortSignal; carryOver?: CarryOver} = {},
): Promise<Ran> {
  const recorded: EntryBody[] = []
  const record = (...entries: EntryBody[]) => {
    recorded.push(...structuredClone(entries))
  }
  const context = contextOf(servers, signal)
  const checks = await runPhase({phase: phase as unknown as Phase, context, accept, record, carryOver})
  return {checks, recorded}
}

/** The parts of checks that most tests compare. */
export const brief = (checks: readonly Check[]) => checks.map(({name, verdict, detail}) => [name, verdict, detail])
