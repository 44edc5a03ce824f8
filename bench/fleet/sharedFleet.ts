// Describes servers that one process serves as a live instance, so that every step finds each as a program of its own.

import {writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {prepareInstance} from '../../scripts/lib/cutover/prepareInstance.ts'
import {routesAt} from '../../scripts/lib/cutover/routesAt.ts'
import {unguarded} from '../../scripts/lib/files/changes.ts'
import {writeAtomically} from '../../scripts/lib/files/writeAtomically.ts'
import {endInstance} from '../../scripts/lib/instance/endInstance.ts'
import {saveInstance} from '../../scripts/lib/instance/savedInstance.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {local} from '../../scripts/targets/local.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {serverNames, writeFleetFile} from './fleetFile.ts'
import type {LiveFleet} from './liveFleet.ts'
import {planLive} from './planLive.ts'
import type {ManyServers} from './startManyServers.ts'

/** Of the first `count` servers. The ingress is real; the servers' own process is not ended by disposing. */
export async function sharedFleet({pid, ports}: ManyServers, count: number): Promise<LiveFleet> {
  await using cleanUp = new AsyncDisposableStack()
  const {path: folder} = cleanUp.use(temporaryFolder())
  const names = serverNames(count)
  const [ingressPort = 0] = await freePorts(1)
  const fleetPath = writeFleetFile(folder, names, ingressPort)
  const byName = Object.fromEntries(names.map((name, index) => [name, ports[index] ?? 0]))
  const transition = await planLive({fleetPath, ingressPort, ports: byName, program: 'served-by-one-process'})
  const instance = transition.to
  const {signal} = new AbortController()
  const shell = createShell({record: () => undefined, signal, secrets: {}})
  const common = {shell, signal, changes: unguarded}
  await prepareInstance({instance, target: local, fleetFolder: folder, stateOf: undefined, ...common})
  await saveInstance(folderDocuments(dirname(dirname(instance.folder))), instance)
  const settled = Object.fromEntries(names.map(name => [name, 'settled' as const]))
  const routes = local.routes(instance, routesAt({...transition, stages: settled}, 1))
  writeAtomically(routes.path, routes.text, routes.mode)
  for (const server of instance.servers) pretendSupervised(server, pid)
  await shell.run(local.startIngress(instance))
  // Only the ingress: to stop a server here would end the process that serves all.
  cleanUp.defer(() => endInstance({...instance, servers: []}, local, shell))
  const started = cleanUp.move()
  return {folder, fleetPath, [Symbol.asyncDispose]: () => started.disposeAsync()}
}

// The files that the supervisor writes; looking at a program reads them and the process, which is as dear as with its own.
function pretendSupervised({folder}: InstanceServer, pid: number): void {
  const identity = `${pid} ${processStart(pid) ?? ''}\n`
  for (const name of ['supervisor', 'child']) writeFileSync(join(folder, name), identity)
  writeFileSync(join(folder, 'restarts'), '')
}
