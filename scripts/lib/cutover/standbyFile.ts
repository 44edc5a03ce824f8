// Keeps which copies of the release before are on standby, so that a rollback takes them back and anything else ends them.

import {misplaced} from '../instance/misplaced.ts'
import {instanceFolder} from '../instance/planInstance.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {type Documents, VersionConflict} from '../records/documents.ts'
import {readDocument} from '../records/readDocument.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import {standbyShape} from './transitionShape.ts'

/** They run without traffic, each until its own time is over; some may have ended before. */
export interface Standby {
  /** The release that they belong to as it was live, with the servers that are on standby alone. */
  instance: Instance
  /** ISO time at which the last of them ends by itself. */
  until: string
}

const key = 'instances/live/standby.json'

/** Undefined when none is. A copy that is live by now, as after rollback.sh, is on standby no more, whatever was written. */
export async function readStandby(documents: Documents, root: string): Promise<Standby | undefined> {
  const saved = await readDocument<Standby>(documents, key, {
    what: 'what is on standby',
    shape: standbyShape,
    faultOf: ({instance}: Standby) => misplaced(instance, root, instanceFolder(root, 'live')),
    remedy: `${documents.removal(key)}: what is on standby ends by itself when its time is over`,
  })
  if (saved === undefined) return undefined
  const live = new Set((await readInstance(documents, root, 'live'))?.servers.map(({folder}) => folder))
  const servers = saved.instance.servers.filter(({folder}) => !live.has(folder))
  return {...saved, instance: {...saved.instance, servers}}
}

/** Adds a copy of `from`, an instance that was live, to those of the same release that are there already. */
export async function addStandby(
  {root, documents}: {root: string; documents: Documents},
  {from, server, until}: {from: Instance; server: InstanceServer; until: string},
): Promise<void> {
  // Several servers of one change go on standby at the same time.
  for (;;) {
    let version: string | null = null
    const read: Documents['read'] = async asked => {
      const found = await documents.read(asked)
      if (asked === key) version = found?.version ?? null
      return found
    }
    const known = await readStandby({...documents, read}, root)
    const same = known?.instance.release === from.release ? known : undefined
    const others = same?.instance.servers.filter(({name}) => name !== server.name) ?? []
    const last = same !== undefined && same.until > until ? same.until : until
    const standby: Standby = {instance: {...from, servers: [...others, server]}, until: last}
    try {
      await documents.write(key, `${JSON.stringify(standby, null, 1)}\n`, {ifVersion: version})
      return
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error
    }
  }
}

/** Nothing is on standby any more. */
export function forgetStandby({remove}: Pick<Documents, 'remove'>): Promise<void> {
  return remove(key)
}
