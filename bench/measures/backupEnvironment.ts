// A live environment on the disk whose one server has much state, as a deploy leaves it; nothing of it runs.

import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {readFleet} from '../../scripts/lib/fleet/readFleet.ts'
import {planInstance} from '../../scripts/lib/instance/planInstance.ts'
import {saveInstance} from '../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import {releaseDigest, releaseSchema, shortDigest} from '../../scripts/lib/release/release.ts'
import {writeState} from './backupState.ts'

export interface BackupEnvironment {
  fleetPath: string
  root: string
  /** Folder of the server's state. */
  state: string
}

/** `megabytes` of state in `folder`, which is the fleet file's. */
export async function backupEnvironment(folder: string, megabytes: number): Promise<BackupEnvironment> {
  const fleetPath = join(folder, 'fleet.yaml')
  const server = {source: {npm: 'memory@1.0.0'}, command: ['memory'], state: {paths: ['.']}}
  const environments = {staging: {target: 'local', root: 'root', ingress: {port: 8700}}}
  write(fleetPath, {fleet: 'bench', servers: {memory: server}, environments})
  const known = {targets: ['local'], phases: [], today: '2026-01-01'}
  const {fleet} = readFleet(fleetPath, 'staging', {}, known)
  const {root} = fleet
  const content = {
    schema: releaseSchema as typeof releaseSchema,
    fleet: 'bench',
    raw: {},
    runtime: {node: process.version, platform: process.platform, sha256: ''},
    ingress: {sha256: ''},
    preload: {sha256: ''},
    sbom: {sha256: ''},
    bridges: {},
    servers: {memory: {origin: 'memory@1.0.0', version: '1.0.0', digest: '', argv: ['{runtime}']}},
    secretNames: [],
    contracts: {},
  }
  const release = {...content, digest: releaseDigest(content)}
  const releaseFolder = join(root, 'releases', shortDigest(release.digest))
  write(join(releaseFolder, 'release.json'), release)
  const ports = {ingress: 8700, servers: {memory: 9001}}
  const instance = planInstance({fleet, release, releaseFolder, name: 'live', copy: 'a', ports})
  await saveInstance(folderDocuments(root), instance)
  await folderRecords(root).setLive({release: release.digest, since: new Date().toISOString(), run: 'bench'})
  const state = join(instance.folder, 'state', 'memory')
  writeState(state, megabytes)
  return {fleetPath, root, state}
}

function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, JSON.stringify(value))
}
