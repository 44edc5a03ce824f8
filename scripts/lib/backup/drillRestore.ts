// Backs up the state of a rehearsal and restores it into an empty place beside it: the proof that a restore works.
import {join} from 'node:path'
import {readRelease} from '../release/readRelease.ts'
import {holdServer, usualPauseSeconds} from '../state/holdServer.ts'
import type {Instance} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {version} from '../text/version.ts'
import {type Manifest, manifestDigest, manifestSchema} from './manifest.ts'
import {stateFolder} from './planMoves.ts'
import {restoreBackup} from './restoreBackup.ts'
import {type Snapshot, type Source, snapshot} from './snapshot.ts'
import {stateChange} from './stateChange.ts'
import {statePaths} from './statePaths.ts'
import {withFolders} from './withFolders.ts'
import {inWorkFolder} from './workFolder.ts'
import {writeArchive} from './writeArchive.ts'

export interface DrillRestore {
  /** The rehearsal; nothing of it changes. */
  instance: Instance
  target: Target
  shell: Shell
  run: string
  now: Date
  signal: AbortSignal
}

export interface DrilledRestore {
  files: number
  bytes: number
  backupMs: number
  /** Until every digest was compared. */
  restoreMs: number
  /** Servers whose restored state is not what was backed up. */
  differing: string[]
}

/** Undefined when no server declares state. Takes the way of a real backup and restore; all of it is gone afterwards. */
export async function drillRestore(options: DrillRestore): Promise<DrilledRestore | undefined> {
  const {instance, signal} = options
  const sources = stateSources(options)
  if (sources.length === 0) return undefined
  return inWorkFolder(instance.folder, async work => {
    const beganAt = performance.now()
    const manifest = await describe(join(work, 'tree'), sources, options)
    const file = join(work, 'archive.tar.gz')
    await writeArchive({file, manifest, contentOf: path => join(work, 'tree', path), signal})
    const backedUpAt = performance.now()
    const root = join(work, 'restored')
    const {fleet, environment} = instance
    await restoreBackup({file, root, fleet, environment, parts: ['state'], signal})
    const differing: string[] = []
    for (const server of Object.keys(manifest.state)) {
      const {added, removed, changed} = await stateChange({manifest, server, folder: stateFolder(root, server), signal})
      if (added + removed + changed > 0) differing.push(server)
    }
    const files = manifest.entries.filter(entry => entry.kind === 'file')
    return {
      files: files.length,
      bytes: files.reduce((sum, {bytes}) => sum + bytes, 0),
      backupMs: backedUpAt - beganAt,
      restoreMs: performance.now() - backedUpAt,
      differing,
    }
  })
}

interface StateSource extends Source {
  server: string
}

// In the archive it lies where a backup of live has it, so that a restore finds it.
function stateSources({instance, target, shell}: DrillRestore): StateSource[] {
  return instance.servers.flatMap(({name, state: from, settings: {state}}) =>
    state === undefined
      ? []
      : {
          server: name,
          what: `state of ${name}`,
          from,
          paths: statePaths(name, state.paths),
          as: `environment/instances/live/state/${name}`,
          hold: holdServer({
            instance,
            server: name,
            seconds: state.pauseSeconds ?? usualPauseSeconds,
            target,
            shell,
          }),
        },
  )
}

async function describe(
  to: string,
  sources: readonly StateSource[],
  {instance, run, now, signal}: DrillRestore,
): Promise<Manifest> {
  const taken: [StateSource, Snapshot][] = []
  for (const source of sources) taken.push([source, await snapshot({source, to, secrets: {}, signal})])
  const {node, platform} = readRelease(instance.releaseFolder).runtime
  const content: Omit<Manifest, 'digest'> = {
    schema: manifestSchema,
    fleet: instance.fleet,
    environment: instance.environment,
    release: instance.release,
    run,
    at: now.toISOString(),
    seaworthy: version(),
    root: instance.folder,
    state: Object.fromEntries(taken.map(([{server, paths}, {absent}]) => [server, {paths: [...paths], absent}])),
    needs: {contained: false, node, platform, artifacts: []},
    entries: withFolders(taken.flatMap(([, {entries}]) => entries)),
  }
  return {...content, digest: manifestDigest(content)}
}
