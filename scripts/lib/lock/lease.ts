// A lease on an environment as the process holds it that works under it: renewed while it lives, asked before each change.
import {existsSync, renameSync, rmSync} from 'node:fs'
import {basename, join} from 'node:path'
import {explain} from '../errors/explain.ts'
import {UserError} from '../errors/userError.ts'
import type {Changes} from '../files/changes.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {processStart} from '../process/processIdentity.ts'
import {endFence, fencePath} from './fence.ts'
import {removeHeartbeats, writeHeartbeat} from './heartbeat.ts'
import {claimPath, type Holder, lockPath, readLock, told} from './holder.ts'

/** Another run may change the environment now, so this one must not. */
export class LeaseLost extends UserError {
  constructor(message: string) {
    super(message, 'pnpm status says who is at work and what is live; if a change is half done, pnpm resume')
    this.name = 'LeaseLost'
  }
}

/** Its changes throw a `LeaseLost` when another run may be at work. */
export interface Lease extends Changes {
  /** Gives the lock back, if it is still ours. */
  release: () => void
  /** Renews no more; the lock stays with the run. */
  rest: () => void
}

const beatEveryMs = 15_000

/** Renews at once, then every `everyMs` by a timer that keeps no process alive. */
export function keepLease(root: string, held: Holder & {token: number}, everyMs = beatEveryMs): Lease {
  const {token} = held
  const leaseMs = (held.leaseSeconds ?? 0) * 1000
  const pidStart = processStart(process.pid)
  let beat = 0
  let renewedAt = now()

  const renew = () => {
    beat += 1
    const began = now()
    writeHeartbeat(root, token, {beat, at: new Date().toISOString(), pid: process.pid, pidStart})
    renewedAt = began
  }
  const renewQuietly = () => {
    try {
      // What another run took over is not ours to keep alive.
      if (readLock(root)?.token === token) renew()
    } catch {
      // It is tried again, and told when it is too late for a change.
    }
  }
  const assert = () => {
    const since = sinceMs(renewedAt)
    const late = since >= leaseMs
    if (since >= everyMs) {
      try {
        renew()
      } catch (error) {
        if (late) throw lost(held, `its heartbeat could not be written for ${held.leaseSeconds} s: ${explain(error)}`)
      }
    }
    const other = readLock(root)
    if (other?.token !== token || other.run !== held.run) {
      // What was just renewed was over already.
      removeHeartbeats(root, token)
      throw lost(held, other === undefined ? 'the lock was given back or removed' : told(other))
    }
    // Whoever is about to replace us has said so before it looked for our heartbeat a last time.
    if (late && existsSync(claimPath(root, held))) throw lost(held, 'another run is taking it over')
  }
  // Taken away with the lease, so that what was begun before cannot end after.
  const fence = fencePath(root, token)
  const fenced = (change: () => void) => {
    assert()
    try {
      change()
    } catch (error) {
      if (!existsSync(fence)) {
        assert()
        throw lost(held, 'another run took it over meanwhile')
      }
      throw error
    }
  }
  const write: Lease['write'] = (path, text, mode) => fenced(() => writeAtomically(path, text, mode, fence))
  const remove: Lease['remove'] = path => {
    const gone = join(fence, `${basename(path)}.gone`)
    fenced(() => {
      if (!existsSync(path)) return
      renameSync(path, gone)
      rmSync(gone)
    })
  }
  renewQuietly()
  const timer = setInterval(renewQuietly, everyMs).unref()
  const rest = () => clearInterval(timer)
  const release = () => {
    rest()
    try {
      assert()
    } catch (error) {
      if (error instanceof LeaseLost) return
      throw error
    }
    endFence(root, token)
    rmSync(lockPath(root), {force: true})
    removeHeartbeats(root, token)
  }
  return {assert, write, remove, release, rest}
}

/**
 * Throws the `LeaseLost` of a lease that was lost, with the fault that came of it as its cause: whatever else went wrong then may
 * be the work of the run that took over.
 */
export function assertHeld(lease: Pick<Lease, 'assert'> | undefined, fault: unknown): void {
  try {
    lease?.assert()
  } catch (error) {
    if (!(error instanceof LeaseLost) || fault instanceof LeaseLost) return
    error.cause = fault
    throw error
  }
}

// A clock that is set back must not make a lease longer; one that stands still while the machine sleeps must not either.
function now(): {steadyMs: number; wallMs: number} {
  return {steadyMs: performance.now(), wallMs: Date.now()}
}

function sinceMs({steadyMs, wallMs}: {steadyMs: number; wallMs: number}): number {
  return Math.max(performance.now() - steadyMs, Date.now() - wallMs)
}

function lost({run, token}: Holder, why: string): LeaseLost {
  return new LeaseLost(
    `run ${run} lost the lock of this environment (token ${token}), so it changes nothing more: ${why}`,
  )
}
