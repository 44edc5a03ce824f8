// What can still be checked by rules when the shape of a fleet file has faults: everything but the faulty entries.
import {isDeepStrictEqual} from 'node:util'
import type {Path} from '../saved/fault.ts'
import {type FleetFile, fleetFile} from './schema.ts'

/**
 * The fleet without each server, environment and list that holds a fault, so that its other faults are told at the same
 * time. Undefined when too little is left. A faulty entry is left out as a whole: a rule would misjudge half of it.
 */
export function soundPart(value: unknown, faulty: readonly Path[]): FleetFile | undefined {
  if (!isMap(value)) return undefined
  const rest = structuredClone(value)
  for (const path of faulty) leaveOut(rest, path)
  const parsed = fleetFile.safeParse(rest)
  return parsed.success ? parsed.data : undefined
}

/**
 * The fleet without the faulty keys alone, for who looks at one key at a time; where too much is gone without them, the same
 * as `soundPart`.
 */
export function withoutFaulty(value: unknown, faulty: readonly Path[]): FleetFile | undefined {
  const rest = structuredClone(value)
  for (const path of faulty) deleteAt(rest, path)
  const parsed = fleetFile.safeParse(rest)
  return parsed.success ? parsed.data : soundPart(value, faulty)
}

/** Whether one path leads to the other or beyond it. */
export function isRelated(one: Path, other: Path): boolean {
  const depth = Math.min(one.length, other.length)
  return isDeepStrictEqual(one.slice(0, depth).map(String), other.slice(0, depth).map(String))
}

// A list goes as a whole: its later entries would otherwise move, and be told at the wrong place.
function leaveOut(file: Record<string, unknown>, [section, entry]: Path): void {
  if (section === undefined) return
  const entries = file[section]
  if (isMap(entries) && entry !== undefined && entry in entries) delete entries[entry]
  else if (section === 'servers' || section === 'environments') file[section] = {}
  else if (section === 'fleet') file[section] = 'unnamed'
  else delete file[section]
}

function deleteAt(file: unknown, path: Path): void {
  let holder = file
  for (const key of path.slice(0, -1)) holder = isMap(holder) ? holder[String(key)] : undefined
  if (isMap(holder)) delete holder[String(path.at(-1))]
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
