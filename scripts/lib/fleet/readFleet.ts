// Reads fleet.yaml for one environment, with every fault told at once and at its place.
import {dirname, resolve} from 'node:path'
import {readFleetText} from './readFleetText.ts'
import {remembered} from './remembered.ts'
import {type Fleet, type Resolve, resolveFleet} from './resolveFleet.ts'
import type {Known} from './rules.ts'
import {readVariables, type Variables} from './variables.ts'

export interface ReadFleet {
  fleet: Fleet
  /** The value of the file before variables were filled in: what a release keeps. */
  raw: unknown
  variables: Variables
}

const resolveOnce = remembered(
  ({raw, environment, folder, variables, known, more}: Resolve) => [
    raw,
    environment,
    folder,
    JSON.stringify(variables),
    JSON.stringify(known),
    more,
  ],
  resolveFleet,
)

/** `path` is that of the fleet file; `more` looks for further faults. Throws a `UserError` that holds all of them. */
export function readFleet(
  path: string,
  environment: string,
  exported: Variables,
  known: Known,
  more?: Resolve['more'],
): ReadFleet {
  const {value: raw, place} = readFleetText(path)
  const folder = dirname(resolve(path))
  const variables = readVariables(folder, environment, exported)
  return {fleet: resolveOnce({raw, environment, folder, variables, known, place, more}), raw, variables}
}
