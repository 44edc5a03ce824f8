// What can be known of whoever holds a lock, without waiting.
import {readHeartbeat} from './heartbeat.ts'
import {type Holder, isHere, stillRuns} from './holder.ts'

/**
 * `ended`: its processes were on this host and are gone. `ending`: its runner is gone, its last step still finishes what it was
 * doing. `silent`: by the clock, it gave no sign of life for as long as its lease lasts. `working`: nothing speaks against it.
 */
export type HolderState = 'ended' | 'ending' | 'silent' | 'working'

export interface SeenHolder {
  state: HolderState
  /** Its text, which changes while the lease is renewed. */
  heartbeat: string | undefined
  /** When it gave its last sign of life, by the clock of the machine that has the files. */
  heardMs: number | undefined
}

export function stateOf(root: string, holder: Holder, now: Date): SeenHolder {
  const seen = readHeartbeat(root, holder.token)
  const told = {heartbeat: seen?.text, heardMs: seen?.writtenMs}
  if (isHere(holder) && !stillRuns(holder)) {
    const worker = seen?.heartbeat
    return {state: worker !== undefined && stillRuns(worker) ? 'ending' : 'ended', ...told}
  }
  // A clock may have been set, so that this only says that it is worth watching.
  const quietMs = seen === undefined ? 0 : now.getTime() - seen.writtenMs
  const silent = holder.leaseSeconds !== undefined && quietMs > holder.leaseSeconds * 1000
  return {state: silent ? 'silent' : 'working', ...told}
}
