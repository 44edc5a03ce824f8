// Every phase, in the order in which they run.
import {nearest} from '../lib/nearest.ts'
import {UserError} from '../lib/userError.ts'
import {calls} from './calls.ts'
import {configuration} from './configuration.ts'
import {consistency} from './consistency.ts'
import {continuity} from './continuity.ts'
import {contract} from './contract.ts'
import {health} from './health.ts'
import {leak} from './leak.ts'
import type {Phase} from './phase.ts'
import {protocol} from './protocol.ts'
import {reachability} from './reachability.ts'
import {security} from './security.ts'
import {stale} from './stale.ts'
import {timeouts} from './timeouts.ts'
import {tools} from './tools.ts'
import {truth} from './truth.ts'

export const phases = [
  configuration,
  reachability,
  health,
  tools,
  protocol,
  calls,
  contract,
  consistency,
  stale,
  timeouts,
  security,
  truth,
  leak,
  continuity,
] as unknown as readonly Phase[]

export const phaseNames = phases.map(phase => phase.name)

/** The phases of those names, in our order; all of them for an empty list. An unknown name is a fault. */
export function phasesOf(names: readonly string[]): readonly Phase[] {
  const unknown = names.find(name => !phaseNames.includes(name))
  if (unknown !== undefined)
    throw new UserError(
      `there is no phase ${unknown}`,
      `${nearest(unknown, phaseNames)}known: ${phaseNames.join(', ')}`,
    )
  return names.length === 0 ? phases : phases.filter(phase => names.includes(phase.name))
}
