// Starts a live instance of fixture servers, each a supervised process behind the real ingress.

import {dirname} from 'node:path'
import type {Changed} from '../../scripts/lib/cutover/changeServer.ts'
import {runTransition} from '../../scripts/lib/cutover/runTransition.ts'
import {unguarded} from '../../scripts/lib/files/changes.ts'
import {endInstance} from '../../scripts/lib/instance/endInstance.ts'
import {saveInstance} from '../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {climbServer} from '../../scripts/phases/climbServer.ts'
import {local} from '../../scripts/targets/local.ts'
import {inRepository} from '../child/repository.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {serverNames, writeFleetFile} from './fleetFile.ts'
import {planLive} from './planLive.ts'

export interface LiveFleet extends AsyncDisposable {
  /** Folder of the fleet file. */
  folder: string
  fleetPath: string
}

/** Rejects, after stopping everything, if a server does not start. */
export async function liveFleet(count: number, signal: AbortSignal): Promise<LiveFleet> {
  await using cleanUp = new AsyncDisposableStack()
  const {path: folder} = cleanUp.use(temporaryFolder())
  const names = serverNames(count)
  const [ingressPort = 0, ...free] = await freePorts(count + 1)
  const fleetPath = writeFleetFile(folder, names, ingressPort)
  const ports = Object.fromEntries(names.map((name, index) => [name, free[index] ?? 0]))
  const program = inRepository('tests/fixtures/servers/healthy.mjs')
  const transition = await planLive({fleetPath, ingressPort, ports, program})
  // What was started must be ended also when the bench is cancelled.
  const shell = createShell({record: () => undefined, signal: new AbortController().signal, secrets: {}})
  cleanUp.defer(() => endInstance(transition.to, local, shell))
  const documents = folderDocuments(dirname(dirname(transition.to.folder)))
  const failed: Changed[] = []
  await runTransition({
    transition,
    target: local,
    shell,
    signal,
    fleetFolder: folder,
    stateOf: undefined,
    save: () => saveInstance(documents, transition.to),
    changes: unguarded,
    documents,
    attempt: (server, timeoutMs) => climbServer(server, server.endpoint, {secrets: {}, signal}, undefined, timeoutMs),
    onChanged: async changed => {
      if (!changed.ready) failed.push(changed)
    },
  })
  if (failed.length > 0) throw new Error(failed.map(({server, detail}) => `${server}: ${detail}`).join('\n'))
  const started = cleanUp.move()
  return {folder, fleetPath, [Symbol.asyncDispose]: () => started.disposeAsync()}
}
