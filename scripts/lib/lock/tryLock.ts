// One try to get the lock of an environment: taken, joined, taken over from a holder whose lease has ended, or still held.
import {mkdirSync, rmSync} from 'node:fs'
import {hostname, userInfo} from 'node:os'
import {isDeepStrictEqual} from 'node:util'
import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import {closeToOthers} from '../files/ownerOnly.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {processStart} from '../process/processIdentity.ts'
import {raiseFence} from './fence.ts'
import {removeHeartbeats} from './heartbeat.ts'
import {claimPath, type Holder, lockPath, put, readHolder, readLock} from './holder.ts'
import {type HolderState, stateOf} from './holderState.ts'
import {keepToken, lastToken} from './token.ts'

export interface Taker {
  root: string
  run: string
  purpose: string
  /** The process whose end ends the lease. */
  pid: number
  /** The token under which this run worked before, where one runner holds it for the whole run. */
  known?: number | undefined
}

/** A run holds the lock; `took` is false when an earlier step of it took it. */
export interface Taken {
  holder: Holder & {token: number}
  took: boolean
  takenOver?: {holder: Holder; because: string}
}

export interface StillHeld {
  holder: Holder
  state: HolderState
  /** Changes when the holder, its heartbeat or who replaces it does. */
  life: string
  heartbeat: string
}

/** How long a lease lasts without a heartbeat. */
export const leaseSeconds = 60

/**
 * `expired` is a holder whose life was seen unchanged for as long as its lease lasts. Throws a `UserError` when this run
 * lost the lock meanwhile, or when the file cannot be understood.
 */
export function tryLock(taker: Taker, expired: StillHeld | undefined, now: Date): Taken | StillHeld | undefined {
  const {root, run, pid} = taker
  mkdirSync(root, {recursive: true, mode: 0o700})
  closeToOthers(root)
  const held = readLock(root)
  if (held === undefined) {
    refuseLost(taker, lastToken(root))
    const mine = holderOf(taker, lastToken(root) + 1, now)
    return put(mine, lockPath(root)) ? {holder: settled(root, mine), took: true} : undefined
  }
  if (held.run === run && held.pid === pid && held.host === hostname() && held.pidStart === processStart(pid)) {
    if (held.token !== undefined) return {holder: {...held, token: held.token}, took: false}
  }
  const {state, heartbeat = ''} = stateOf(root, held, now)
  const life = JSON.stringify([held, heartbeat, readIfThere(claimPath(root, held)) ?? ''])
  if (state !== 'ended' && life !== expired?.life) return {holder: held, state, life, heartbeat}
  if (held.run !== run) refuseLost(taker, Math.max(lastToken(root, held.token), held.token ?? 0))
  const mine = holderOf(taker, Math.max(lastToken(root, held.token), held.token ?? 0) + 1, now)
  if (!replaced(root, mine, held, held, expired)) return undefined
  const holder = settled(root, mine)
  const because =
    state === 'ended'
      ? `process ${held.pid} is gone from this host`
      : `it gave no sign of life for ${held.leaseSeconds} s, as long as its lease lasts`
  return held.run === run ? {holder, took: true} : {holder, took: true, takenOver: {holder: held, because}}
}

function holderOf({run, purpose, pid}: Taker, token: number, now: Date): Holder & {token: number} {
  const {username} = userInfo()
  const pidStart = processStart(pid)
  return {run, purpose, user: username, host: hostname(), pid, pidStart, since: now.toISOString(), token, leaseSeconds}
}

function refuseLost({root, run, known}: Taker, last: number): void {
  if (known === undefined || last <= known) return
  throw new UserError(
    `${root}: run ${run} lost the lock of this environment (token ${known}): another run took it since (token ${last})`,
    'pnpm status says what is live; start over',
  )
}

// Whoever saw a holder whose lease had ended may have been overtaken since. So a lock is replaced only by the one that made
// the file which is named after that holder, and only while it is still in the lock and gives no sign of life. If the one
// that made it died too, the same is done about that one.
function replaced(root: string, mine: Holder, old: Holder, before: Holder, expired: StillHeld | undefined): boolean {
  const claim = claimPath(root, before)
  if (!put(mine, claim)) {
    const other = readHolder(claim)
    if (other === undefined || (stateOf(root, other, new Date()).state !== 'ended' && expired === undefined))
      return false
    const done = replaced(root, mine, old, other, expired)
    rmSync(claim, {force: true})
    return done
  }
  try {
    if (!isDeepStrictEqual(readLock(root), old)) return false
    // A heartbeat that came since then is seen here, or else its writer sees our claim.
    if (expired !== undefined && (stateOf(root, old, new Date()).heartbeat ?? '') !== expired.heartbeat) return false
    writeAtomically(lockPath(root), JSON.stringify(mine))
    return true
  } finally {
    rmSync(claim, {force: true})
  }
}

// Of two that came one right after the other, the second may have counted before the first had.
function settled(root: string, mine: Holder & {token: number}): Holder & {token: number} {
  try {
    const last = lastToken(root, mine.token - 1)
    const holder = last < mine.token ? mine : {...mine, token: last + 1}
    if (holder !== mine) writeAtomically(lockPath(root), JSON.stringify(holder))
    keepToken(root, holder.token)
    raiseFence(root, holder.token)
    removeHeartbeats(root, holder.token - 1)
    return holder
  } catch (error) {
    rmSync(lockPath(root), {force: true})
    throw error
  }
}
