// Reads fleet.yaml for one environment, with every fault told at once and at its place.
import {readFileSync} from 'node:fs'
import {basename, dirname, resolve} from 'node:path'
import {UserError} from '../userError.ts'
import {type Located, parseLocated} from './located.ts'
import {type Fleet, resolveFleet} from './resolveFleet.ts'
import type {Known} from './rules.ts'
import {readVariables, type Variables} from './variables.ts'

export interface ReadFleet {
  fleet: Fleet
  /** The value of the file before variables were filled in: what a release keeps. */
  raw: unknown
  variables: Variables
}

/** `path` is that of the fleet file. Throws a `UserError`. */
export function readFleet(path: string, environment: string, exported: Variables, known: Known): ReadFleet {
  const {value: raw, place} = readFleetText(path)
  const folder = dirname(resolve(path))
  const variables = readVariables(folder, environment, exported)
  return {fleet: resolveFleet({raw, environment, folder, variables, known, place}), raw, variables}
}

/** The parsed file with the places of its keys, not yet checked. */
export function readFleetText(path: string): Located {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(
      `${path}: there should be a fleet file, ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none' : 'it cannot be read'}`,
      'copy templates/fleet.yaml to fleet.yaml, or name yours with --fleet PATH',
      {cause},
    )
  }
  return parseLocated(text, basename(path))
}

/** The name that the file gives the fleet, for headings; undefined when the file cannot be read. */
export function fleetName(path: string): string | undefined {
  try {
    const {fleet} = readFleetText(path).value as {fleet?: unknown}
    return typeof fleet === 'string' ? fleet : undefined
  } catch {
    return undefined
  }
}
