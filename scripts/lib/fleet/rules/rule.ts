// What a rule between the keys of a fleet file is, and what rules share.

import type {Fault, Path} from '../../saved/fault.ts'
import {nearest} from '../../text/nearest.ts'
import type {FleetFile, Server} from '../schema.ts'

/** Names that only the rest of the program knows. `today` is an ISO date. */
export interface Known {
  targets: readonly string[]
  phases: readonly string[]
  today: string
}

/** Names that the file declares, also those of entries that are left out because their shape is wrong. */
export interface Names {
  servers: readonly string[]
  environments: readonly string[]
}

export type Rule = (fleet: FleetFile, known: Known, names: Names) => Fault[]

/** A rule about one server at a time. */
export function eachServer(check: (server: Server, path: Path, name: string, names: Names) => Fault[]): Rule {
  return (fleet, _, names) =>
    Object.entries(fleet.servers).flatMap(([name, server]) => check(server, ['servers', name], name, names))
}

export function unknownName(path: Path, given: string, known: readonly string[], kind: string): Fault {
  return {
    path,
    message: `is no ${kind}: ${given}`,
    remedy: `${nearest(given, known)}known: ${known.join(', ') || 'none'}`,
  }
}
