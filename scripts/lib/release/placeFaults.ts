// The faults of a fleet file that only the disk shows, or that are sure to make its run NOT READY: told before any run begins.
import {lstatSync, statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {FleetServer, Placed} from '../fleet/resolveFleet.ts'
import {leaves} from '../fleet/rules/placeholderRules.ts'
import type {Fault, Path} from '../saved/fault.ts'
import {nearest} from '../text/nearest.ts'
import {lockedPackages} from './lockShape.ts'
import {type PackageLock, readPackageLock} from './packageLock.ts'
import {packageSpecs} from './packageSpec.ts'

/** Of the servers as the environment has them. Throws when something that is there cannot be read. */
export function placeFaults(fleet: Placed): Fault[] {
  return [...fleet.servers.flatMap(server => serverFaults(server, fleet)), ...lockFaultsOf(fleet), ...tlsFaults(fleet)]
}

function serverFaults(server: FleetServer, {folder}: Placed): Fault[] {
  const {name, source, state, probe, client} = server
  const path = ['servers', name]
  const unprobed: Fault = {
    path,
    message: 'has no probe, without which nothing shows that its tools work',
    remedy: 'add probe: {tool: a tool that only reads, arguments: {…}, expect: {text: …}}',
  }
  return [
    ...(source.folder === undefined ? [] : folderFaults(source.folder, folder, [...path, 'source', 'folder'])),
    ...(state?.seed === undefined ? [] : folderFaults(state.seed, folder, [...path, 'state', 'seed'])),
    ...(client.enabled && probe === undefined ? [unprobed] : []),
  ]
}

function folderFaults(given: string, below: string, path: Path): Fault[] {
  const remedy = 'write the path of a folder beside the fleet file, such as servers/name'
  if (leaves(given)) return [{path, message: `should be a folder beside the fleet file, got ${given}`, remedy}]
  const isThere = statSync(resolve(below, given), {throwIfNoEntry: false})?.isDirectory() === true
  return isThere ? [] : [{path, message: `should be a folder beside the fleet file, there is no ${given}`, remedy}]
}

function lockFaultsOf(fleet: Placed): Fault[] {
  const read = packageSpecs(fleet).map(spec => ({spec, lock: readPackageLock(join(fleet.folder, 'locks'), spec)}))
  return read.flatMap(({spec, lock}) => {
    if (Array.isArray(lock))
      return lock.map(message => ({path: spec.place.split('.'), message, remedy: 'pnpm fleet:lock'}))
    return fleet.servers.flatMap(server => commandFaults(server, lock))
  })
}

function commandFaults({name, source, command, bridge}: FleetServer, {spec, lock}: PackageLock): Fault[] {
  const own = `${spec.name}@${spec.version}`
  return [
    ...(source.npm === own ? binFaults(command[0], ['servers', name, 'command'], spec.name, lock) : []),
    ...(bridge?.npm === own
      ? binFaults(bridge.command[0], ['servers', name, 'bridge', 'command'], spec.name, lock)
      : []),
  ]
}

// As the build looks it up: node, a placeholder or an absolute path is taken as it stands.
function binFaults(first: string | undefined, path: Path, name: string, lock: string): Fault[] {
  if (first === undefined || first === 'node' || /^[{/]/.test(first)) return []
  const bin = lockedPackages(lock)?.[`node_modules/${name}`]?.bin
  if (bin === null || typeof bin !== 'object') return []
  const known = Object.keys(bin)
  if (known.includes(first)) return []
  return [
    {
      path,
      message: `should begin with a command of ${name}, got ${first}`,
      remedy: `${nearest(first, known)}known: ${known.join(', ') || 'none: write node {server}/node_modules/…'}`,
    },
  ]
}

function tlsFaults({environment, folder, ingress}: Placed): Fault[] {
  const tls = ingress?.tls
  if (tls === undefined) return []
  return (['certificate', 'key', 'authority'] as const).flatMap(key => {
    const file = tls[key]
    if (file === undefined || lstatSync(resolve(folder, file), {throwIfNoEntry: false}) !== undefined) return []
    const path = ['environments', environment, 'ingress', 'tls', key]
    return [{path, message: `should be a PEM file, there is no ${file}`, remedy: 'write its path from the fleet file'}]
  })
}
