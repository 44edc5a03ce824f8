// Turns the raw value of a fleet file and the name of an environment into the fleet as that environment sees it.
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import {describeIssue} from '../saved/describeIssue.ts'
import {type Fault, faultsError, type Path} from '../saved/fault.ts'
import {interpolate} from './interpolate.ts'
import {merge} from './merge.ts'
import {type Names, unknownName} from './rules/rule.ts'
import {checkRules, type Known} from './rules.ts'
import {type Acceptance, type Environment, type FleetFile, fleetFile, type Server} from './schema.ts'
import {keysAt, takesText} from './schemaAt.ts'
import {secretNames} from './secretNames.ts'
import {isRelated, soundPart, withoutFaulty} from './soundPart.ts'

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
  rollout: Environment['rollout']
  retention: Environment['retention']
  /** Absent: backups are plain. */
  encryption?: Environment['encryption']
  /** Who is told how a run ended. */
  notify: Environment['notify']
  servers: FleetServer[]
  accept: Acceptance[]
  contacts: FleetFile['contacts']
}

/** What can be looked at on the disk, also of a fleet file that has faults. */
export type Placed = Pick<Fleet, 'environment' | 'folder' | 'servers'> & Partial<Pick<Fleet, 'ingress'>>

export interface Resolve {
  raw: unknown
  environment: string
  folder: string
  variables: Readonly<Record<string, string | undefined>>
  known: Known
  place: (path: Path) => string
  /** Further faults, which are told in the same list. */
  more?: ((placed: Placed) => Fault[]) | undefined
}

/** Throws one `UserError` that holds every fault with its place. */
export function resolveFleet({raw, environment, folder, variables, known, place, more}: Resolve): Fleet {
  const names = {servers: keysBelow(raw, 'servers'), environments: keysBelow(raw, 'environments')}
  const options = {variables, secrets: secretNames(raw), takesText}
  const {value, faults} = interpolate(withoutUnfillable(raw, environment, variables), options)
  const parsed = fleetFile.safeParse(value, {reportInput: true})
  if (!parsed.success) faults.push(...shapeFaults(parsed.error.issues, faults))
  if (names.environments.length > 0 && !names.environments.includes(environment))
    faults.push(unknownName(['environments'], environment, names.environments, 'environment'))
  faults.push(...prototypeKeys(raw))
  const faulty = faults.map(fault => fault.path)
  const sound = parsed.success ? parsed.data : soundPart(value, faulty)
  const rest = more && (parsed.success ? parsed.data : withoutFaulty(value, faulty))
  if (sound !== undefined) faults.push(...ruleFaults(sound, known, names, faults))
  if (rest !== undefined) faults.push(...unrelated(more?.(placedOf(rest, environment, folder)) ?? [], faults))
  if (!parsed.success || faults.length > 0) throw faultsError(faults, place)
  const file = parsed.data
  const settings = file.environments[environment]
  // The rule that a fleet has an environment, and the check above, leave no other way here.
  if (settings === undefined) throw new Error(`environment ${environment} was checked, but is not there`)
  return {
    name: file.fleet,
    environment,
    target: settings.target,
    folder,
    root: resolve(folder, settings.root ?? defaultRoot(file.fleet, environment, variables)),
    ingress: settings.ingress,
    rollout: settings.rollout,
    retention: settings.retention,
    encryption: settings.encryption,
    notify: settings.notify,
    servers: serversOf(file, settings),
    accept: file.accept.filter(entry => entry.environments?.includes(environment) ?? true),
    contacts: file.contacts,
  }
}

// A reference that could not be filled in is told already; that it has the wrong type only follows from it.
function shapeFaults(issues: Parameters<typeof describeIssue>[0][], told: readonly Fault[]): Fault[] {
  const follows = (path: Path) => told.some(fault => isRelated(fault.path, path) && fault.path.length === path.length)
  return issues.flatMap(issue => describeIssue(issue, keysAt)).filter(fault => !follows(fault.path))
}

// A rule that speaks of something whose shape is wrong only repeats that.
function ruleFaults(sound: FleetFile, known: Known, names: Names, told: readonly Fault[]): Fault[] {
  return unrelated(checkRules(sound, known, names), told)
}

function unrelated(faults: Fault[], told: readonly Fault[]): Fault[] {
  return faults.filter(fault => !told.some(other => isRelated(other.path, fault.path)))
}

function placedOf(file: FleetFile, environment: string, folder: string): Placed {
  const settings = file.environments[environment]
  return {environment, folder, ingress: settings?.ingress, servers: serversOf(file, settings)}
}

// The variables of another environment may stand in its own file only. What needs them is checked when its turn comes.
function withoutUnfillable(raw: unknown, environment: string, variables: Resolve['variables']): unknown {
  const environments = (raw as {environments?: unknown} | null)?.environments
  if (environments === null || typeof environments !== 'object' || Array.isArray(environments)) return raw
  const options = {variables, secrets: new Set<string>(), takesText: () => true}
  const checked = Object.entries(environments).filter(
    ([name, settings]) => name === environment || interpolate(settings, options).faults.length === 0,
  )
  return {...(raw as object), environments: Object.fromEntries(checked)}
}

function serversOf({servers}: FleetFile, settings: Environment | undefined): FleetServer[] {
  return Object.entries(servers).map(([name, server]) => ({
    name,
    ...(settings === undefined ? server : settled(server, name, settings)),
  }))
}

// What the environment says of all servers, then what it says of this one, over what the server says itself.
function settled(server: Server, name: string, settings: Environment): Server {
  const own = settings.servers[name] ?? {}
  const merged = merge(merge(server, {limits: settings.limits, client: settings.client}), own) as Server
  // A probe is one call: half of one with half of another would be a call that nobody declared.
  return {...merged, probe: own.probe ?? server.probe}
}

// The environment remembers for itself, so its folder is the user's, not the checkout's.
export function defaultRoot(fleet: string, environment: string, variables: Resolve['variables']): string {
  return join(variables.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'seaworthy', fleet, environment)
}

function keysBelow(raw: unknown, section: string): string[] {
  const entries = (raw as Record<string, unknown> | null)?.[section]
  return entries !== null && typeof entries === 'object' && !Array.isArray(entries) ? Object.keys(entries) : []
}

// A key that objects have by themselves is dropped by whatever copies them, so that what it says would not be looked at.
function prototypeKeys(value: unknown, path: Path = []): Fault[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    return key === '__proto__'
      ? [{path: at, message: 'is no name that can be used: __proto__', remedy: 'choose another name'}]
      : prototypeKeys(item, at)
  })
}
