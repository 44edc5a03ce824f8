// One run at a time per environment: a lock file with its holder, released by the run that took it.
import {createHash} from 'node:crypto'
import {linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {hostname, userInfo} from 'node:os'
import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {processStart} from './processIdentity.ts'
import {UserError} from './userError.ts'
import {writeAtomically} from './writeAtomically.ts'

export interface Holder {
  run: string
  purpose: string
  user: string
  host: string
  pid: number
  pidStart: string | undefined
  since: string
}

/**
 * Takes the lock, or finds that this run has it. A holder whose process is gone is replaced; `takenOver` names it. Of
 * several that try at the same moment exactly one gets it; the others get a `UserError`.
 */
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
  if (held === undefined) {
    if (!put(mine, lockPath(root))) throw takenMeanwhile(root)
    return {}
  }
  if (isAlive(held)) {
    if (held.run === run) return {}
    throw new UserError(
      `${root}: run ${held.run} holds the lock of this environment to ${held.purpose} (${held.user}@${held.host}, process ${held.pid}, since ${held.since})`,
      'wait for it to end, or end that process; a lock whose process is gone is taken over by itself',
    )
  }
  takeOver(root, mine, held, held)
  return held.run === run ? {} : {takenOver: held}
}

/** Undefined when nobody holds it. Throws a `UserError` when the file cannot be understood. */
export function readLock(root: string): Holder | undefined {
  return readHolder(lockPath(root))
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UserError(
      `${path}: should say who holds the lock of this environment, cannot be read: ${(cause as Error).message}`,
      'if no run is going on, remove it',
      {cause},
    )
  }
}

/** Gives the lock back if this run has it. */
export function releaseLock(root: string, run: string): void {
  if (readLock(root)?.run === run) rmSync(lockPath(root), {force: true})
}

/** Whether the run that holds a lock still goes on, as far as this machine can tell. */
export function isAlive(holder: Holder): boolean {
  // Nothing can be known of a process on another host, so its lock is believed.
  if (holder.host !== hostname()) return true
  const start = processStart(holder.pid)
  return start !== undefined && start === holder.pidStart
}

// Whoever saw a dead holder may have been overtaken since. So a lock is replaced only by the one that made the file which
// is named after the dead holder, and only while that holder is still in the lock. If the one that made it died too, the
// same is done about that one.
function takeOver(root: string, mine: Holder, dead: Holder, before: Holder): void {
  const claim = claimPath(root, before)
  if (!put(mine, claim)) {
    const other = readHolder(claim)
    if (other === undefined || isAlive(other)) throw takenMeanwhile(root)
    takeOver(root, mine, dead, other)
    rmSync(claim, {force: true})
    return
  }
  try {
    if (!isDeepStrictEqual(readLock(root), dead)) throw takenMeanwhile(root)
    writeAtomically(lockPath(root), JSON.stringify(mine))
  } finally {
    rmSync(claim, {force: true})
  }
}

/** Puts the whole text there at once, or gives false when the name is taken; open with O_EXCL would show half a file. */
function put(holder: Holder, path: string): boolean {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(holder))
  try {
    linkSync(temporary, path)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  } finally {
    rmSync(temporary, {force: true})
  }
}

function takenMeanwhile(root: string): UserError {
  return new UserError(
    `${root}: another run took the lock of this environment at the same moment`,
    'try again when it has ended',
  )
}

function lockPath(root: string): string {
  return join(root, 'lock.json')
}

function claimPath(root: string, {host, pid, pidStart, run}: Holder): string {
  const name = createHash('sha256')
    .update(JSON.stringify([host, pid, pidStart, run]))
    .digest('hex')
    .slice(0, 16)
  return `${lockPath(root)}.after-${name}`
}
