// Whether a step that tells others has anybody to tell; one that has not is not even started.
import {readFileSync} from 'node:fs'
import {tokenVariable} from '../fleet/place.ts'
import {readFleetText} from '../fleet/readFleetText.ts'
import type {Variables} from '../fleet/variables.ts'

/** Whom a step tells. */
export type Tells = 'GitHub' | 'people'

/** `fleetPath` is that of the fleet file, which need not be good. */
export function isWanted(tells: Tells, fleetPath: string, environment: string, variables: Variables): boolean {
  return tells === 'GitHub' ? (variables[tokenVariable] ?? '') !== '' : hasDestination(fleetPath, environment)
}

/** Why GitHub is not notified, to be said once in a run. */
export const gitHubNotTold = `GitHub is not notified: ${tokenVariable} is not set`

function hasDestination(fleetPath: string, environment: string): boolean {
  try {
    // Most fleets tell nobody, and to parse the file would cost each of their runs more than all of this.
    if (!readFileSync(fleetPath, 'utf8').includes('notify')) return false
    const {environments} = readFleetText(fleetPath).value as {environments?: Record<string, {notify?: unknown[]}>}
    return (environments?.[environment]?.notify?.length ?? 0) > 0
  } catch {
    // The first step that needs the file says what is wrong with it.
    return false
  }
}
