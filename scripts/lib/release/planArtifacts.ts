// Says which trees a fleet needs, each once, before anything is built; every fault of every lock is told at once.
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {ArtifactPlan} from './artifact.ts'
import {folderArtifact} from './folderArtifact.ts'
import type {RunCommand} from './npm.ts'
import {npmArtifact} from './npmArtifact.ts'
import {type PackageLock, readPackageLock} from './packageLock.ts'
import {packageSpecs} from './packageSpec.ts'

export interface PlanArtifacts {
  fleet: Pick<Fleet, 'folder' | 'servers'>
  environment: Readonly<Record<string, string | undefined>>
  run: RunCommand
  signal: AbortSignal
}

/** Throws a `UserError` for missing or unfit locks and for missing folders. */
export async function planArtifacts({fleet, environment, run, signal}: PlanArtifacts): Promise<ArtifactPlan[]> {
  const machine = `${process.version} ${process.platform}-${process.arch}`
  const folders = fleet.servers.flatMap(({name, source: {folder, build}}) =>
    folder === undefined ? [] : [{server: name, source: {folder, build}}],
  )
  return [
    ...packageLocks(fleet).map(lock => npmArtifact({lock, machine, environment, run})),
    ...(await Promise.all(
      folders.map(own => folderArtifact({...own, fleetFolder: fleet.folder, machine, environment, run}, signal)),
    )),
  ]
}

function packageLocks(fleet: PlanArtifacts['fleet']): PackageLock[] {
  const read = packageSpecs(fleet).map(spec => ({spec, lock: readPackageLock(join(fleet.folder, 'locks'), spec)}))
  const faults = read.flatMap(({spec, lock}) =>
    Array.isArray(lock) ? lock.map(fault => `${spec.place}: ${fault}`) : [],
  )
  if (faults.length > 0) throw new UserError(faults.join('\n'), 'pnpm fleet:lock')
  return read.flatMap(({lock}) => (Array.isArray(lock) ? [] : [lock]))
}
