// What goes into a backup of a live environment: pointer, records, routes, descriptions, configuration and state.
import {realpathSync} from 'node:fs'
import {basename, dirname, join, relative} from 'node:path'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {Instance} from '../instance/instance.ts'
import {shortDigest} from '../release/release.ts'
import type {ReleaseRecord} from '../store/store.ts'
import type {Source} from './snapshot.ts'
import {statePaths} from './statePaths.ts'

export interface BackupSources {
  fleet: Fleet
  fleetPath: string
  /** The live one. */
  instance: Instance
  /** The file in which the ingress finds its routes. */
  routesPath: string
  records: readonly ReleaseRecord[]
  /** Takes the whole folder of the live release along, which holds its code, packages and runtime. */
  withCode: boolean
}

/** `state` by server; what is below `environment/` in the archive lies as in the environment's root. */
export function backupSources(options: BackupSources): {files: Source[]; state: Record<string, Source>} {
  const {fleet, fleetPath, instance, routesPath, records, withCode} = options
  const {root} = fleet
  const description = join(instance.folder, 'instance.json')
  // The checkout may link to the file; its text is what counts.
  const file = realpathSync(fleetPath)
  const files: Source[] = [
    {
      what: 'memory of the environment',
      from: root,
      paths: ['live.json', 'records', relative(root, description), relative(root, routesPath)],
      as: 'environment',
    },
    {what: 'fleet file', from: dirname(file), paths: [basename(file)], as: 'fleet'},
    {what: 'locks of the fleet', from: join(fleet.folder, 'locks'), paths: ['.'], as: 'fleet/locks'},
    {
      what: 'descriptions of releases',
      from: join(root, 'releases'),
      paths: records.map(({release}) => `${shortDigest(release)}/release.json`),
      as: 'releases',
    },
  ]
  if (withCode)
    files.push({
      what: 'code of the live release',
      from: instance.releaseFolder,
      paths: ['.'],
      as: `environment/releases/${shortDigest(instance.release)}`,
    })
  return {files, state: stateSources(fleet, instance)}
}

// A server that is not enabled has no copy, but may have state of earlier days.
function stateSources(fleet: Fleet, instance: Instance): Record<string, Source> {
  const declared = [...fleet.servers, ...instance.servers.map(server => server.settings)]
  const sources = declared.flatMap(({name, state}) => {
    if (state === undefined) return []
    const from = instance.servers.find(server => server.name === name)?.state ?? join(instance.folder, 'state', name)
    const paths = statePaths(name, state.paths)
    return [[name, {what: `state of ${name}`, from, paths, as: `environment/${relative(fleet.root, from)}`}] as const]
  })
  return Object.fromEntries(sources)
}
