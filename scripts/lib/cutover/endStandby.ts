// Ends the copies that are on standby, before something begins that they must not outlive.

import type {Documents} from '../records/documents.ts'
import type {InstanceServer} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {forgetStandby, readStandby} from './standbyFile.ts'

export interface EndStandby {
  root: string
  target: Target
  shell: Shell
  documents: Documents
  /** Copies that are in use, whatever is written of them: those of a change that took them back. */
  inUse?: readonly InstanceServer[]
}

/** Those that have ended already do no harm, and where there are none nothing is done. */
export async function endStandby({root, target, shell, documents, inUse = []}: EndStandby): Promise<void> {
  const standby = await readStandby(documents, root)
  if (standby === undefined) return
  const {instance} = standby
  const due = instance.servers.filter(({folder}) => !inUse.some(copy => copy.folder === folder))
  await Promise.all(due.map(({name}) => shell.run(target.stopServer(instance, name))))
  await forgetStandby(documents)
}
