// Reads fleet.yaml for one environment, with every fault told at once and at its place.
import {dirname, resolve} from 'node:path'
import {readFleetText} from './readFleetText.ts'
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
