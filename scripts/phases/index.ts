// Every phase, in the order in which they run. Each is loaded by who needs it: most steps need only the names.

import {UserError} from '../lib/errors/userError.ts'
import {nearest} from '../lib/text/nearest.ts'
import type {Phase} from './phase.ts'

const load = {
  configuration: async () => (await import('./configuration.ts')).configuration,
  reachability: async () => (await import('./reachability.ts')).reachability,
  health: async () => (await import('./health.ts')).health,
  tools: async () => (await import('./tools.ts')).tools,
  protocol: async () => (await import('./protocol.ts')).protocol,
  calls: async () => (await import('./calls.ts')).calls,
  contract: async () => (await import('./contract.ts')).contract,
  consistency: async () => (await import('./consistency.ts')).consistency,
  stale: async () => (await import('./stale.ts')).stale,
  timeouts: async () => (await import('./timeouts.ts')).timeouts,
  security: async () => (await import('./security.ts')).security,
  truth: async () => (await import('./truth.ts')).truth,
  leak: async () => (await import('./leak.ts')).leak,
  continuity: async () => (await import('./continuity.ts')).continuity,
} satisfies Record<string, () => Promise<unknown>>

export const phaseNames = Object.keys(load) as readonly (keyof typeof load)[]

/** The phases of those names, in our order; all of them for an empty list. An unknown name is a fault. */
export async function phasesOf(names: readonly string[]): Promise<readonly Phase[]> {
  const known: readonly string[] = phaseNames
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new UserError(`there is no phase ${unknown}`, `${nearest(unknown, known)}known: ${known.join(', ')}`)
  const wanted = phaseNames.filter(name => names.length === 0 || names.includes(name))
  return Promise.all(wanted.map(async name => (await load[name]()) as unknown as Phase))
}
