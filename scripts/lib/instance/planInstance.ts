// Lays out an instance of a release: folders, ports, command lines and variables, before anything is touched.
import {join, resolve} from 'node:path'
import type {Fleet, FleetServer} from '../fleet/resolveFleet.ts'
import {startBatches} from '../fleet/startBatches.ts'
import type {Release} from '../release/release.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import {copyHost, declaredOf, fill, filledIn, runtimeIn} from './declared.ts'

export interface InstanceRequest {
  fleet: Fleet
  release: Release
  releaseFolder: string
  /** `live`, or `rehearsal-<run>`. */
  name: string
  /** Of every server's copy; another one than that of copies which run already. */
  copy: string
  /** Port of the ingress, and of every enabled server by name. */
  ports: {ingress: number; servers: Readonly<Record<string, number>>}
  /** Where it lies, when not where instances of that name do. */
  folder?: string
}

export function planInstance({
  fleet,
  release,
  releaseFolder,
  name,
  copy,
  ports,
  folder = instanceFolder(fleet.root, name),
}: InstanceRequest): Instance {
  const enabled = fleet.servers.filter(server => server.client.enabled)
  const names = new Set(enabled.map(server => server.name))
  const scheme = fleet.ingress.tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${publicHost(fleet)}:${ports.ingress}`
  const ingressFolder = join(folder, 'ingress')
  return {
    name,
    folder,
    fleet: fleet.name,
    environment: fleet.environment,
    release: release.digest,
    releaseFolder,
    ingress: {
      folder: ingressFolder,
      host: copyHost,
      port: ports.ingress,
      url,
      argv: ingressArgv(releaseFolder, ingressFolder),
      secrets: enabled.flatMap(server => (server.auth ? [server.auth.bearer] : [])),
      streamCommentSeconds: fleet.ingress.streamCommentSeconds,
      hosts: [...fleet.ingress.hosts],
      origins: [...fleet.ingress.origins],
      tls: tlsFiles(fleet),
    },
    batches: startBatches(
      enabled.map(server => ({name: server.name, after: server.after.filter(other => names.has(other))})),
    ).batches,
    servers: enabled.map(server =>
      planServer(server, {folder, copy, releaseFolder, url, release, port: ports.servers[server.name] ?? 0}),
    ),
  }
}

/** How the ingress of a release starts; a change of live that keeps the one that runs has that of an earlier release. */
export function ingressArgv(releaseFolder: string, ingressFolder: string): string[] {
  return [runtimeIn(releaseFolder), join(releaseFolder, 'ingress.mjs'), join(ingressFolder, 'config.json')]
}

export function instanceFolder(root: string, name: string): string {
  return join(root, 'instances', name)
}

interface Place {
  folder: string
  copy: string
  releaseFolder: string
  url: string
  release: Release
  port: number
}

function planServer(settings: FleetServer, {folder, copy, releaseFolder, url, release, port}: Place): InstanceServer {
  const {name} = settings
  const own = join(folder, 'copies', `${name}.${copy}`)
  const state = join(folder, 'state', name)
  const declared = declaredOf(settings, release)
  const base = `http://${copyHost}:${port}`
  return {
    name,
    copy,
    folder: own,
    state,
    port,
    url: base,
    endpoint: `${base}${settings.endpoint}`,
    through: `${url}/${name}${settings.endpoint}`,
    ...filledIn(declared, {name, folder: own, state, port: String(port), releaseFolder, ingress: url}),
    declared,
    secrets: Object.keys(settings.secrets),
    settings: withState(settings, state),
  }
}

/** Declared calls may speak of the server's own folder of state, which `{state}` stands for. */
export function withState(settings: FleetServer, state: string): FleetServer {
  const filled = <Declared>(call: Declared): Declared => fillAll(call, {state})
  return {...settings, probe: settings.probe && filled(settings.probe), calls: settings.calls.map(filled)}
}

function fillAll<Value>(value: Value, values: Readonly<Record<string, string>>): Value {
  if (typeof value === 'string') return fill(value, values) as Value
  if (Array.isArray(value)) return value.map(item => fillAll(item, values)) as Value
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAll(item, values)])) as Value
}

function tlsFiles({folder, ingress: {tls}}: Fleet): Instance['ingress']['tls'] {
  if (tls === undefined) return undefined
  const at = (path: string) => resolve(folder, path)
  return {
    certificate: at(tls.certificate),
    key: at(tls.key),
    authority: tls.authority && at(tls.authority),
    minimumDays: tls.minimumDays,
  }
}

// The name under which the ingress is called. Without a certificate to fit, its address spares every call a look-up.
function publicHost({ingress: {hosts, tls}}: Fleet): string {
  if (tls === undefined && hosts.includes(copyHost)) return copyHost
  // A wildcard is no address.
  return hosts.find(name => !name.startsWith('*')) ?? copyHost
}
