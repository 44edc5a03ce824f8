// A change of the live instance from one release to another, as data that survives a kill at any point.
import type {Instance, InstanceServer} from '../instance/instance.ts'

/**
 * How far the change of one server is. `waiting`: nothing was done. `held`: the ingress holds its requests (recreate).
 * `switched`: new traffic goes to the new copy, the old one keeps its calls and sessions. `settled`: the old copy ended.
 */
export type Stage = 'waiting' | 'held' | 'switched' | 'settled'

export interface ServerChange {
  server: string
  /** `keep`: the running copy is what the release asks for. */
  kind: 'start' | 'replace' | 'remove' | 'keep'
  strategy: 'blue-green' | 'recreate'
}

export interface Transition {
  run: string
  /** What was live before; undefined for the first deploy. */
  from: Instance | undefined
  /** What is to be live; undefined when the first deploy is undone. */
  to: Instance | undefined
  changes: ServerChange[]
  stages: Record<string, Stage>
}

/** The copy that a change comes from or goes to. */
export function copyIn(instance: Instance | undefined, server: string): InstanceServer | undefined {
  return instance?.servers.find(candidate => candidate.name === server)
}

/** The way back: what a rollback applies. Copies that still run are switched to; others are started again. */
export function reversed(transition: Transition, run: string): Transition {
  const touched = transition.changes.filter(
    change => change.kind !== 'keep' && transition.stages[change.server] !== 'waiting',
  )
  const back: Record<ServerChange['kind'], ServerChange['kind']> = {
    start: 'remove',
    remove: 'start',
    replace: 'replace',
    keep: 'keep',
  }
  return {
    run,
    from: transition.to,
    to: transition.from,
    changes: touched.toReversed().map(change => ({...change, kind: back[change.kind]})),
    stages: Object.fromEntries(touched.map(change => [change.server, 'waiting' as const])),
  }
}
