// A change of the live instance from one release to another, as data that survives a kill at any point.
import type {Instance, InstanceServer} from '../target/instance.ts'

/**
 * How far the change of one server is. `waiting`: nothing was decided. `held`: the ingress holds its requests
 * (recreate). `switched`: new traffic goes to the new copy, the old one keeps its calls and sessions. `settled`: the
 * old copy ended, or is ending.
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
  /**
   * A deploy or a restore from a backup that was killed is undone; a rollback that was killed is continued; what was found
   * good is finished.
   */
  purpose: 'deploy' | 'finish' | 'rollback' | 'restore'
  /** What was live before; undefined for the first deploy. */
  from: Instance | undefined
  /** What is to be live; undefined when the first deploy is undone. */
  to: Instance | undefined
  changes: ServerChange[]
  stages: Record<string, Stage>
  /** Set when the change stopped half-way because the fleet file asks for that: a person decides how it goes on. */
  halted?: true
  /** Set on the way back from a rollback whose goal did not come up: what it leaves was never live. */
  givesUp?: true
  /** Set on the way back from a deploy: the release that it leaves was not found good. */
  failed?: true
  /** Set when state of servers changes as well: to that of the backup of `restore.json`, or back from it. */
  restore?: {way: 'apply' | 'undo'; servers: string[]}
}

/** The copy that a change comes from or goes to. */
export function copyIn(instance: Instance | undefined, server: string): InstanceServer | undefined {
  return instance?.servers.find(candidate => candidate.name === server)
}

/** What a change is called in messages: one that stays with its release restarts it, or starts what did not run. */
export function changeName({purpose, from, to}: Pick<Transition, 'purpose' | 'from' | 'to'>): string {
  if (purpose !== 'rollback' || to === undefined) return purpose
  if (from === undefined) return 'start'
  return from.release === to.release ? 'restart' : purpose
}

const opposite = {start: 'remove', remove: 'start', replace: 'replace', keep: 'keep'} as const

/**
 * The way back: what a rollback applies. Copies that still run are switched to, others are started again; of a server
 * that was not switched yet, only the copy that may have been started beside the old one is to be ended.
 */
export function reversed({from, to, changes, stages, restore, purpose}: Transition, run: string): Transition {
  const due = changes.filter(change => change.kind !== 'keep')
  const back = (stage: Stage | undefined): Stage => {
    if (stage === 'held') return 'held'
    return stage === 'waiting' ? 'switched' : 'waiting'
  }
  return {
    run,
    purpose: 'rollback',
    from: to,
    to: from,
    changes: due.toReversed().map(change => ({...change, kind: opposite[change.kind]})),
    stages: Object.fromEntries(due.map(({server}) => [server, back(stages[server])])),
    ...(purpose === 'deploy' && {failed: true}),
    // The state may be at fault, so the release that came with it is not marked as one to keep away from.
    ...(restore && {restore: {...restore, way: restore.way === 'apply' ? 'undo' : 'apply'}, givesUp: true}),
  }
}
