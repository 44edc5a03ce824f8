// The root folders of all environments of a fleet that keep their memory in folders of this machine.
import {resolve} from 'node:path'
import {interpolate} from './interpolate.ts'
import {defaultRoot} from './resolveFleet.ts'
import {secretNames} from './secretNames.ts'
import {readVariables, type Variables} from './variables.ts'

export interface EnvironmentRoots {
  /** By the name of the environment. */
  roots: Record<string, string>
  /** Why the root of an environment cannot be known here, a sentence each: its own variables may be set elsewhere only. */
  unknown: string[]
}

/**
 * `raw` is the fleet file before variables were filled in, already checked; `exported` what the shell exports. Each root is
 * found with the variables of its own environment. Throws a `UserError` for a faulty .env file.
 */
export function environmentRoots(raw: unknown, folder: string, exported: Variables): EnvironmentRoots {
  const {fleet, environments} = raw as {fleet: string; environments: Record<string, {root?: string}>}
  const found = Object.entries(environments).map(([name, {root}]) => {
    const variables = readVariables(folder, name, exported)
    if (root === undefined) return {name, root: resolve(folder, defaultRoot(fleet, name, variables))}
    const {value, faults} = interpolate(root, {variables, secrets: secretNames(raw), takesText: () => true})
    const [fault] = faults
    return fault === undefined
      ? {name, root: resolve(folder, String(value))}
      : {name, why: `environments.${name}.root ${fault.message}`}
  })
  return {
    roots: Object.fromEntries(found.flatMap(({name, root}) => (root === undefined ? [] : [[name, root]]))),
    unknown: found.flatMap(({why}) => (why === undefined ? [] : [why])),
  }
}
