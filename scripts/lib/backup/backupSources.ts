// What goes into a backup of a live environment: pointer, records, routes, descriptions, configuration and state.
import {realpathSync} from 'node:fs'
import {basename, dirname, join, relative} from 'node:path'
import {shownName} from '../files/byteName.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {ReleaseRecord} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'
import {type Hold, usualPauseSeconds} from '../state/holdServer.ts'
import type {Instance} from '../target/instance.ts'
import type {Source} from './snapshot.ts'
import {isOutside, statePaths} from './statePaths.ts'

export interface BackupSources {
  fleet: Fleet
  fleetPath: string
  /** The live one. */
  instance: Instance
  /** The file in which the ingress finds its routes. */
  routesPath: string
  records: readonly ReleaseRecord[]
  /** Holds a server of the instance still where its state does not hold still by itself. */
  hold?: ((server: string, seconds: number) => Hold) | undefined
  /** Takes the whole folder of the live release along, which holds its code, packages and runtime. */
  withCode: boolean
}

/**
 * `state` by server; what is below `environment/` in the archive lies as in the environment's root. `leftOut` has a sentence for
 * each path that the live release declares as state and that lies elsewhere, as earlier versions of Seaworthy allowed.
 */
export function backupSources(options: BackupSources): {
  files: Source[]
  state: Record<string, Source>
  leftOut: string[]
} {
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
  return {files, state: stateSources(options), leftOut: leftOut(options.instance)}
}

function leftOut({release, servers}: Instance): string[] {
  return servers.flatMap(({name, settings: {state}}) =>
    (state?.paths ?? [])
      .filter(isOutside)
      .map(
        path =>
          `${name}: ${shownName(path)} of the live release ${shortDigest(release)} is outside of its state folder`,
      ),
  )
}

// A server that is not enabled has no copy, but may have state of earlier days.
function stateSources({fleet, instance, hold}: BackupSources): Record<string, Source> {
  const declared = [...fleet.servers, ...instance.servers.map(server => server.settings)]
  // The fleet file may have been changed so that a backup can be made; and what is live may be described without it.
  const pauseOf = (name: string) => fleet.servers.find(server => server.name === name)?.state?.pauseSeconds
  const declaredNow = (name: string) => fleet.servers.find(server => server.name === name)?.state?.paths ?? []
  const sources = declared.flatMap(({name, state}) => {
    if (state === undefined) return []
    const running = instance.servers.find(server => server.name === name)
    const isLeft = state.paths.some(isOutside)
    // What the fleet file corrects by now is what must survive of it.
    const paths = [...state.paths, ...(isLeft ? declaredNow(name) : [])].filter(path => !isOutside(path))
    if (paths.length === 0) return []
    const from = running?.state ?? join(instance.folder, 'state', name)
    const source: Source = {
      what: `state of ${name}`,
      from,
      paths: statePaths(name, paths),
      as: `environment/${relative(fleet.root, from)}`,
    }
    return [
      [
        name,
        running === undefined ? source : {...source, hold: hold?.(name, pauseOf(name) ?? usualPauseSeconds)},
      ] as const,
    ]
  })
  return Object.fromEntries(sources)
}
