// The copies of the sample fleet that are on standby after a deploy: proves that they are there, or ends them as their time does.

import {readStandby, type Standby} from '../../scripts/lib/cutover/standbyFile.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {local} from '../../scripts/targets/local.ts'
import type {SampleLive} from '../sample/sampleLive.ts'

/** Throws if no instance is on standby: the measurement would then be of something else. */
export async function onStandby({root}: Pick<SampleLive, 'root'>): Promise<Standby> {
  const standby = await readStandby(folderDocuments(root), root)
  if (standby === undefined || standby.instance.servers.length === 0)
    throw new Error(
      'after a deploy copies should be on standby, but none is: see standbySeconds of production in fleet.yaml',
    )
  return standby
}

/** They run no more, and what is written of them stays, as it does when their time is over. */
export async function endStandby(fleet: Pick<SampleLive, 'root'>, signal: AbortSignal): Promise<void> {
  const {instance} = await onStandby(fleet)
  const shell = createShell({record: () => undefined, signal, secrets: {}})
  await Promise.all(instance.servers.map(({name}) => shell.run(local.stopServer(instance, name))))
}
