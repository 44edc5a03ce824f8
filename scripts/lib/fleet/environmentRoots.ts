// The root folders of all environments of a fleet that keep their memory in folders of this machine.
import {resolve} from 'node:path'
import {defaultRoot} from './resolveFleet.ts'
import type {Variables} from './variables.ts'

/** One root an environment; `raw` is the fleet file before variables were filled in, already checked. */
export function environmentRoots(raw: unknown, folder: string, variables: Variables): string[] {
  const {fleet, environments} = raw as {fleet: string; environments: Record<string, {root?: string}>}
  return Object.entries(environments).map(([name, {root}]) =>
    resolve(folder, root ?? defaultRoot(fleet, name, variables)),
  )
}
