// Keeps which copies of the release before are on standby, so that a rollback takes them back and anything else ends them.
import {join} from 'node:path'
import type {Changes} from '../changes.ts'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import {misplaced} from '../instance/misplaced.ts'
import {instanceFolder} from '../instance/planInstance.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {readJson} from '../readJson.ts'
import {standbyShape} from './transitionShape.ts'

/** They run without traffic, each until its own time is over; some may have ended before. */
export interface Standby {
  /** The release that they belong to as it was live, with the servers that are on standby alone. */
  instance: Instance
  /** ISO time at which the last of them ends by itself. */
  until: string
}

/** Undefined when none is. A copy that is live by now, as after rollback.sh, is on standby no more, whatever was written. */
export function readStandby(root: string): Standby | undefined {
  const saved = readJson<Standby>({
    path: path(root),
    what: 'what is on standby',
    shape: standbyShape,
    faultOf: ({instance}: Standby) => misplaced(instance, root, instanceFolder(root, 'live')),
    remedy: `rm -r ${path(root)}: what is on standby ends by itself when its time is over`,
  })
  if (saved === undefined) return undefined
  const live = new Set(readInstance(root, 'live')?.servers.map(({folder}) => folder))
  const servers = saved.instance.servers.filter(({folder}) => !live.has(folder))
  return {...saved, instance: {...saved.instance, servers}}
}

/** Adds a copy of `from`, an instance that was live, to those of the same release that are there already. */
export function addStandby(
  root: string,
  {from, server, until}: {from: Instance; server: InstanceServer; until: string},
  {write}: Changes,
): void {
  const known = readStandby(root)
  const same = known?.instance.release === from.release ? known : undefined
  const others = same?.instance.servers.filter(({name}) => name !== server.name) ?? []
  const last = same !== undefined && same.until > until ? same.until : until
  const standby: Standby = {instance: {...from, servers: [...others, server]}, until: last}
  write(path(root), `${JSON.stringify(standby, null, 1)}\n`)
}

/** Nothing is on standby any more. */
export function forgetStandby(root: string, {remove}: Changes): void {
  remove(path(root))
}

function path(root: string): string {
  return join(instanceFolder(root, 'live'), 'standby.json')
}
