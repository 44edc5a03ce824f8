// Decides, server by server, what a change from the live instance to a new one has to do; copies that fit are kept.
import {isDeepStrictEqual} from 'node:util'
import {uses} from '../instance/declared.ts'
import type {Release} from '../release/release.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import {copyIn, type ServerChange, type Transition} from './transition.ts'

export interface Side {
  instance: Instance
  /** Undefined for a side to go away from whose release cannot be read: then no copy of it is kept. */
  release?: Release | undefined
  /** Names of the servers whose copies run; a copy that has ended cannot be kept. Left out: all of them do. */
  running?: ReadonlySet<string>
}

/**
 * `to.instance` is laid out as if everything were new; in the result, servers that did not change are those of `from`.
 * `restored` names servers whose state changes with it: none of them is kept, and no two copies of one run at the same time.
 */
export function planTransition(
  purpose: Transition['purpose'],
  run: string,
  from: Side | undefined,
  to: Side,
  restored: ReadonlySet<string> = new Set(),
): Transition & {to: Instance} {
  const removed = (from?.instance.servers ?? []).filter(server => copyIn(to.instance, server.name) === undefined)
  const changes: ServerChange[] = [
    ...to.instance.batches.flat().map(name => changeOf(name, from, to, restored)),
    ...removed.map(server => ({server: server.name, kind: 'remove', strategy: server.settings.cutover}) as const),
  ]
  const kept = new Set(changes.filter(change => change.kind === 'keep').map(change => change.server))
  const servers = to.instance.servers.map(server => (kept.has(server.name) ? keptCopy(server, from) : server))
  return {
    run,
    purpose,
    from: from?.instance,
    to: {...to.instance, servers},
    changes,
    stages: Object.fromEntries(changes.map(({server, kind}) => [server, kind === 'keep' ? 'settled' : 'waiting'])),
  }
}

function changeOf(server: string, from: Side | undefined, to: Side, restored: ReadonlySet<string>): ServerChange {
  const next = copyIn(to.instance, server)
  if (next === undefined) throw new Error(`the new instance has no server ${server}`)
  const strategy = next.settings.cutover
  const now = copyIn(from?.instance, server)
  if (from === undefined || now === undefined) return {server, kind: 'start', strategy}
  if (restored.has(server)) return {server, kind: 'replace', strategy: 'recreate'}
  const runs = from.running?.has(server) ?? true
  return {server, kind: runs && isSame([now, from], [next, to]) ? 'keep' : 'replace', strategy}
}

function isSame(...sides: [InstanceServer, Side][]): boolean {
  const [now, next] = sides.map(([server, {instance, release}]) => release && identityOf(server, {instance, release}))
  return now !== undefined && isDeepStrictEqual(now, next)
}

/**
 * All that makes a copy behave as it does, as it was declared: what differs between any two copies, such as their ports, is
 * not filled in. What only says how it is checked or called is no reason to restart it. Undefined where it is not known, as
 * of a copy that an earlier version of Seaworthy started.
 */
export function identityOf(
  server: InstanceServer,
  {instance, release}: {instance: Instance; release: Release},
): Record<string, unknown> | undefined {
  const {declared, settings} = server
  if (declared === undefined) return undefined
  return {
    ...declared,
    // Filled in for every copy alike, and another one after a change of the ingress.
    ingress: uses(declared, 'ingress') ? instance.ingress.url : undefined,
    preload: uses(declared, 'preload') ? release.preload.sha256 : undefined,
    secrets: server.secrets,
    state: server.state,
    openFiles: settings.limits.openFiles,
    // Its supervisor holds it to that.
    memoryMegabytes: settings.limits.memoryMegabytes,
    isolation: settings.isolation,
    log: [settings.limits.logMegabytes, settings.limits.logFiles],
    code: release.servers[server.name],
    bridges: release.bridges,
    runtime: release.runtime,
  }
}

// The process is the old one, and so are its folder and port; how it is checked and called is as the new release says.
function keptCopy(server: InstanceServer, from: Side | undefined): InstanceServer {
  const running = copyIn(from?.instance, server.name)
  return running === undefined ? server : {...running, through: server.through, settings: server.settings}
}
