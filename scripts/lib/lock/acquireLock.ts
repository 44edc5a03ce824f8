// Gets the lock of an environment: at once, or after waiting for whoever holds it, up to a deadline.
import {setTimeout as pause} from 'node:timers/promises'
import {UserError} from '../errors/userError.ts'
import {presentable, told} from './holder.ts'
import {type StillHeld, type Taken, type Taker, tryLock} from './tryLock.ts'

export interface AcquireLock extends Taker {
  /** How long to wait for another holder; 0 refuses at once. */
  waitMs: number
  signal: AbortSignal
  /** Tells a person what is waited for. */
  say: (line: string) => void
}

const lookEveryMs = 200
// The last step of a runner that was killed sees within a quarter of a second that it is alone, and ends what it began.
const endingMs = 7000
// A third of a lease is time for a heartbeat: for one that the clock calls silent, that is enough to be sure.
const thirds = 3

/**
 * Throws a `UserError` that names the holder when it is held and the deadline passes. Takes over only when the holder's processes
 * were on this host and are gone, or when this observer saw no sign of life for as long as the lease lasts.
 */
export async function acquireLock({waitMs, signal, say, ...taker}: AcquireLock): Promise<Taken> {
  const beganAt = performance.now()
  let seen: {held: StillHeld; at: number} | undefined
  let said = ''
  for (;;) {
    signal.throwIfAborted()
    const expired = seen !== undefined && hasExpired(seen) ? seen.held : undefined
    const found = tryLock(taker, expired, new Date())
    if (found !== undefined && 'took' in found) return found
    if (found !== undefined) {
      if (seen?.held.life !== found.life) seen = {held: found, at: performance.now()}
      seen.held = found
      const patienceMs = Math.max(waitMs, ownPatienceMs(found))
      if (performance.now() - beganAt >= patienceMs) throw refused(taker.root, found, waitMs)
      const line = waitsFor(found, patienceMs)
      if (line !== said) say(line)
      said = line
    }
    await pause(lookEveryMs, undefined, {signal})
  }
}

function hasExpired({held, at}: {held: StillHeld; at: number}): boolean {
  const leaseMs = leaseMsOf(held)
  return leaseMs !== undefined && performance.now() - at >= (held.state === 'silent' ? leaseMs / thirds : leaseMs)
}

function leaseMsOf({holder: {leaseSeconds}}: StillHeld): number | undefined {
  return leaseSeconds === undefined ? undefined : leaseSeconds * 1000
}

/** What is worth waiting for also when nobody asked to. */
function ownPatienceMs(held: StillHeld): number {
  if (held.state === 'ending') return endingMs
  return held.state === 'silent' ? (leaseMsOf(held) ?? 0) / thirds + 5 * lookEveryMs : 0
}

function waitsFor({holder, state}: StillHeld, patienceMs: number): string {
  const seconds = Math.ceil(patienceMs / 1000)
  const why = {
    ending: 'its runner is gone and its last step ends',
    silent: 'it gave no sign of life for longer than its lease lasts, which is being made sure of',
    working: 'it is at work',
    ended: 'it has ended',
  }[state]
  return `  waiting at most ${seconds} s: ${told(holder)}; ${why}`
}

function refused(root: string, {holder}: StillHeld, waitMs: number): UserError {
  const passed = waitMs === 0 ? '' : `the deadline of ${waitMs / 1000} s passed: `
  const old = holder.leaseSeconds === undefined
  return new UserError(
    `${passed}${root}: ${told(holder)}`,
    old
      ? `wait for it to end; an earlier version wrote this lock, which tells no sign of life: if no run is going on at ${presentable(holder).host}, remove ${root}/lock.json`
      : `wait for it to end, as with --wait 120, or end that process and free the lock: pnpm unlock; a lease that is not renewed for ${holder.leaseSeconds} s ends while you wait`,
  )
}
