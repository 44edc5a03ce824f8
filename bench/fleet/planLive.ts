// Lays out a live instance of a fleet file whose release is only as much as is needed to start it, as a first deploy.
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {planTransition} from '../../scripts/lib/cutover/planTransition.ts'
import {readFleet} from '../../scripts/lib/fleet/readFleet.ts'
import {planInstance} from '../../scripts/lib/instance/planInstance.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import {bundle} from '../../scripts/lib/release/bundle.ts'
import {type Release, releaseSchema} from '../../scripts/lib/release/release.ts'
import {phaseNames} from '../../scripts/phases/index.ts'
import {targetNames} from '../../scripts/targets/index.ts'
import {inRepository} from '../child/repository.ts'

export interface PlanLive {
  fleetPath: string
  ingressPort: number
  /** Ports by server. */
  ports: Readonly<Record<string, number>>
  /** Program of every server. */
  program: string
}

const digest = 'be'.repeat(32)

/** Writes the release and the live pointer; starts nothing. */
export async function planLive({
  fleetPath,
  ingressPort,
  ports,
  program,
}: PlanLive): Promise<ReturnType<typeof planTransition>> {
  const today = new Date().toISOString().slice(0, 10)
  const {fleet, raw} = readFleet(fleetPath, 'staging', {}, {targets: targetNames, phases: phaseNames, today})
  const releaseFolder = join(fleet.root, 'releases', digest.slice(0, 12))
  mkdirSync(join(releaseFolder, 'runtime'), {recursive: true})
  symlinkSync(process.execPath, join(releaseFolder, 'runtime', 'node'))
  writeFileSync(join(releaseFolder, 'ingress.mjs'), await bundle(inRepository('ingress/main.ts')))
  await folderRecords(fleet.root).setLive({release: digest, since: new Date().toISOString(), run: 'bench'})
  const servers = fleet.servers.map(({name}) => [
    name,
    {origin: 'bench', version: '1.0.0', digest, argv: ['{runtime}', program]},
  ])
  const release: Release = {
    schema: releaseSchema,
    digest,
    fleet: fleet.name,
    raw,
    runtime: {node: process.version, platform: process.platform, sha256: ''},
    ingress: {sha256: ''},
    preload: {sha256: ''},
    sbom: {sha256: ''},
    bridges: {},
    servers: Object.fromEntries(servers),
    secretNames: [],
    contracts: {},
  }
  const instance = planInstance({
    fleet,
    release,
    releaseFolder,
    name: 'live',
    copy: 'bench',
    ports: {ingress: ingressPort, servers: ports},
  })
  return planTransition('deploy', 'bench', undefined, {instance, release})
}
