// Ends the copies that are on standby, before something begins that they must not outlive.
import type {Changes} from '../changes.ts'
import type {InstanceServer} from '../instance/instance.ts'
import type {Shell} from '../shell.ts'
import type {Target} from '../target.ts'
import {forgetStandby, readStandby} from './standbyFile.ts'

export interface EndStandby {
  root: string
  target: Target
  shell: Shell
  changes: Changes
  /** Copies that are in use, whatever is written of them: those of a change that took them back. */
  inUse?: readonly InstanceServer[]
}

/** Those that have ended already do no harm, and where there are none nothing is done. */
export async function endStandby({root, target, shell, changes, inUse = []}: EndStandby): Promise<void> {
  const standby = readStandby(root)
  if (standby === undefined) return
  const {instance} = standby
  const due = instance.servers.filter(({folder}) => !inUse.some(copy => copy.folder === folder))
  await Promise.all(due.map(({name}) => shell.run(target.stopServer(instance, name))))
  forgetStandby(root, changes)
}
