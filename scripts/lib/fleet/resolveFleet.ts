// Turns the raw value of a fleet file and the name of an environment into the fleet as that environment sees it.
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import type {z} from 'zod'
import {merge} from '../merge.ts'
import {nearest} from '../nearest.ts'
import {UserError} from '../userError.ts'
import {describeIssue} from './describeIssue.ts'
import {faultsError, type Path} from './fault.ts'
import {interpolate} from './interpolate.ts'
import {checkRules, type Known} from './rules.ts'
import {type Acceptance, type Environment, type FleetFile, fleetFile, type Server} from './schema.ts'

export interface FleetServer extends Server {
  name: string
}

/** The fleet of one environment: overrides merged, variables filled in, every name checked. */
export interface Fleet {
  name: string
  environment: string
  target: string
  /** Folder of the fleet file; paths in it are relative to this. */
  folder: string
  /** Folder in which the environment keeps releases, records, state and lock. */
  root: string
  ingress: Environment['ingress']
  servers: FleetServer[]
  accept: Acceptance[]
  contacts: FleetFile['contacts']
}

export interface Resolve {
  raw: unknown
  environment: string
  folder: string
  variables: Readonly<Record<string, string | undefined>>
  known: Known
  place: (path: Path) => string
}

/** Throws one `UserError` that holds every fault with its place. */
export function resolveFleet({raw, environment, folder, variables, known, place}: Resolve): Fleet {
  const {value, faults} = interpolate(raw, variables, secretNames(raw))
  const parsed = fleetFile.safeParse(value, {reportInput: true})
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap(issue => describeIssue(issue, keysAt)))
  if (parsed.success) faults.push(...checkRules(parsed.data, known))
  if (faults.length > 0 || !parsed.success) throw faultsError(faults, place)
  const file = parsed.data
  const settings = file.environments[environment]
  if (settings === undefined) {
    const names = Object.keys(file.environments)
    throw new UserError(
      `${place(['environments'])} environments: there is no environment ${environment}`,
      `${nearest(environment, names)}known: ${names.join(', ')}`,
    )
  }
  return {
    name: file.fleet,
    environment,
    target: settings.target,
    folder,
    root: resolve(folder, settings.root ?? defaultRoot(file.fleet, environment, variables)),
    ingress: settings.ingress,
    servers: Object.entries(file.servers).map(([name, server]) => ({name, ...settled(server, name, settings)})),
    accept: file.accept.filter(entry => entry.environments?.includes(environment) ?? true),
    contacts: file.contacts,
  }
}

// What the environment says of all servers, then what it says of this one, over what the server says itself.
function settled(server: Server, name: string, settings: Environment): Server {
  const common = {limits: settings.limits, client: settings.client}
  return merge(merge(server, common), settings.servers[name] ?? {}) as Server
}

// The environment remembers for itself, so its folder is the user's, not the checkout's.
function defaultRoot(fleet: string, environment: string, variables: Resolve['variables']): string {
  return join(variables.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'seaworthy', fleet, environment)
}

/** Names of all secrets in a raw fleet file, which need not be valid yet. */
export function secretNames(raw: unknown): Set<string> {
  const servers = Object.values((raw as {servers?: Record<string, unknown>} | null)?.servers ?? {})
  return new Set(servers.flatMap(server => Object.keys((server as {secrets?: object} | null)?.secrets ?? {})))
}

function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = fleetFile
  for (const part of path) schema = child(schema, part)
  const shape = (bare(schema) as {shape?: object} | undefined)?.shape
  return shape === undefined ? [] : Object.keys(shape)
}

function child(schema: unknown, part: PropertyKey): unknown {
  const {shape, element, valueType} = (bare(schema) ?? {}) as {
    shape?: Record<PropertyKey, unknown>
    element?: unknown
    valueType?: unknown
  }
  return shape?.[part] ?? element ?? valueType
}

// Optional, default and prefault wrap the schema that has the keys.
function bare(schema: unknown): unknown {
  let inner = schema as {def?: {innerType?: z.ZodType}} | undefined
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner
  return inner
}
