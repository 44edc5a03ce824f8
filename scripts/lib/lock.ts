// One run at a time per environment: a lock file with its holder, released by the run that took it.
import {linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {hostname, userInfo} from 'node:os'
import {join} from 'node:path'
import {processStart} from './processIdentity.ts'
import {UserError} from './userError.ts'

export interface Holder {
  run: string
  purpose: string
  user: string
  host: string
  pid: number
  pidStart: string | undefined
  since: string
}

/** Takes the lock, or finds that this run has it. A holder whose process is gone is replaced; `takenOver` names it. */
export function takeLock(root: string, run: string, purpose: string, pid: number, now: Date): {takenOver?: Holder} {
  mkdirSync(root, {recursive: true})
  const mine: Holder = {
    run,
    purpose,
    user: userInfo().username,
    host: hostname(),
    pid,
    pidStart: processStart(pid),
    since: now.toISOString(),
  }
  const held = readLock(root)
  if (held?.run === run) return {}
  if (held !== undefined && isAlive(held)) {
    throw new UserError(
      `${root}: run ${held.run} holds the lock of this environment to ${held.purpose} (${held.user}@${held.host}, process ${held.pid}, since ${held.since})`,
      'wait for it to end, or end that process; a lock whose process is gone is taken over by itself',
    )
  }
  if (held !== undefined) rmSync(lockPath(root), {force: true})
  create(root, mine)
  return held === undefined ? {} : {takenOver: held}
}

export function readLock(root: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lockPath(root), 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** Gives the lock back if this run has it. */
export function releaseLock(root: string, run: string): void {
  if (readLock(root)?.run === run) rmSync(lockPath(root), {force: true})
}

function isAlive(holder: Holder): boolean {
  // Nothing can be known of a process on another host, so its lock is believed.
  if (holder.host !== hostname()) return true
  const start = processStart(holder.pid)
  return start !== undefined && start === holder.pidStart
}

// link() fails when the name exists and puts the whole text there at once, which open with O_EXCL does not.
function create(root: string, holder: Holder): void {
  const temporary = `${lockPath(root)}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(holder))
  try {
    linkSync(temporary, lockPath(root))
  } catch (cause) {
    throw new UserError(
      `${root}: another run took the lock of this environment at the same moment`,
      'try again when it has ended',
      {cause},
    )
  } finally {
    rmSync(temporary, {force: true})
  }
}

function lockPath(root: string): string {
  return join(root, 'lock.json')
}
