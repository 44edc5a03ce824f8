// Leaves the replaced copy of a server running without traffic for a while, so that a rollback need not restart it.
import type {Documents} from '../records/documents.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {addStandby} from './standbyFile.ts'
import {copyIn, type ServerChange, type Transition} from './transition.ts'

export interface GoOnStandby {
  root: string
  target: Target
  shell: Shell
  documents: Documents
}

/**
 * For how many seconds the old copy of a change that was found good goes on; 0: it ends now. By the settings of the release
 * that is live from now on: whoever has less room says so there. A copy that writes its state alone never goes on.
 */
export function standbySeconds({server, kind, strategy}: ServerChange, {from, to}: Transition): number {
  const [old, next] = [copyIn(from, server), copyIn(to, server)]
  const ways = [strategy, old?.settings.cutover, next?.settings.cutover]
  if (kind !== 'replace' || !ways.every(way => way === 'blue-green')) return 0
  // Releases that an earlier version of Seaworthy put live know nothing of it.
  return next?.settings.limits.standbySeconds ?? 0
}

/** Written down before it waits, so that whoever comes after a kill can end it. A second time, its time starts over. */
export async function goOnStandby(
  change: ServerChange,
  transition: Transition,
  {root, documents, target, shell}: GoOnStandby,
): Promise<number> {
  const seconds = target.standBy === undefined ? 0 : standbySeconds(change, transition)
  const {from} = transition
  const server = copyIn(from, change.server)
  if (seconds === 0 || from === undefined || server === undefined || target.standBy === undefined) return 0
  const until = new Date(Date.now() + seconds * 1000).toISOString()
  await addStandby({root, documents}, {from, server, until})
  await shell.run(target.standBy(from, server.name, seconds))
  return seconds
}
