// The instance that a step looks at: the rehearsal of its run, or else live.

import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {Entry} from '../journal/entry.ts'
import {fact} from '../journal/facts.ts'
import type {Documents} from '../records/documents.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import {readInstance} from './savedInstance.ts'
import {readStopped, stoppedBy} from './stoppedFile.ts'

/** Rejects with a `UserError` when there is none. */
export async function currentInstance(
  entries: readonly Entry[],
  {fleet, documents}: {fleet: Fleet; documents: Documents},
): Promise<Instance> {
  const name = fact<{name: string}>(entries, 'instance')?.name ?? 'live'
  const instance = await readInstance(documents, fleet.root, name)
  const stopped = instance && (await readStopped(documents, instance.folder))
  if (stopped !== undefined) throw new UserError(`live was ${stoppedBy(stopped)}`, 'pnpm start')
  if (instance !== undefined) return instance
  if (name !== 'live')
    throw new UserError(`${name} of this run is gone`, 'run the whole pipeline again: pnpm deploy:staging')
  throw new UserError(
    `nothing is live in ${fleet.environment}`,
    `rehearse it with pnpm deploy:staging; that starts, checks and removes a twin`,
  )
}

/** The servers that `--server` names, all of them when it names none. */
export function chosenServers(instance: Instance, names: readonly string[]): InstanceServer[] {
  return names.length === 0 ? instance.servers : instance.servers.filter(server => names.includes(server.name))
}
