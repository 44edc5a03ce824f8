// Who holds the lock of an environment: what its lock file says, and how a message tells it.
import {linkSync, rmSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {processStart} from '../process/processIdentity.ts'
import {readJson} from '../saved/readJson.ts'
import {z} from '../saved/zod.ts'
import {clipped, oneLine} from '../text/foreignText.ts'
import {greatestToken} from './token.ts'

export interface Holder {
  run: string
  purpose: string
  user: string
  host: string
  /** The process whose end ends the lease: the runner of a run, or a step that was started by hand. */
  pid: number
  pidStart: string | undefined
  since: string
  /** Fencing token: grows with every taking of this lock. Absent in a lock of an earlier version. */
  token?: number
  /** After so long without a heartbeat the lease has ended. Absent in a lock of an earlier version, which has no heartbeat. */
  leaseSeconds?: number
}

export function lockPath(root: string): string {
  return join(root, 'lock.json')
}

/**
 * The file that only one of several makes who want to replace this holder. rollback.sh names it in the same way. The process is
 * part of the name, since several of one run may have died over the same token, each while it replaced the one before.
 */
export function claimPath(root: string, {run, token, pid}: Holder): string {
  return `${lockPath(root)}.after-${String(run).replaceAll(/[^\w.-]/g, '_')}-${token ?? 'none'}-${pid}`
}

/** Undefined when nobody holds it. Throws a `UserError` when the file cannot be understood. */
export function readLock(root: string): Holder | undefined {
  return readHolder(lockPath(root))
}

/** The same of a file of a claim. */
export function readHolder(path: string): Holder | undefined {
  return readJson<Holder>({
    path,
    what: 'who holds the lock of this environment',
    shape,
    remedy: `if no run is going on: rm -r ${path}`,
  })
}

// The largest number that a process can have, on any system.
const greatestPid = 4_194_304
const text = z.string().max(4096)

// Earlier versions, and rollback.sh, write the same.
const shape = z.looseObject({
  run: text,
  purpose: text.default('do something'),
  user: text.default('somebody'),
  host: text,
  pid: z.int().min(1).max(greatestPid),
  pidStart: text.optional(),
  since: text.default('some time'),
  token: z.int().min(0).max(greatestToken).optional(),
  leaseSeconds: z.number().positive().max(86_400).optional(),
})

/** Puts the whole text there at once, or gives false when the name is taken; open with O_EXCL would show half a file. */
export function put(holder: Holder, path: string): boolean {
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

/** Whether that process, which had a lock on this host, is still there. */
export function stillRuns({pid, pidStart}: Pick<Holder, 'pid' | 'pidStart'>): boolean {
  const start = processStart(pid)
  return start !== undefined && start === pidStart
}

export function isHere({host}: Pick<Holder, 'host'>): boolean {
  return host === hostname()
}

/** `run … holds the lock of this environment to deploy (user@host, process 12, since …)`. */
export function told(holder: Holder): string {
  const {run, purpose, user, host, pid, since} = presentable(holder)
  return `run ${run} holds the lock of this environment to ${purpose} (${user}@${host}, process ${pid}, since ${since})`
}

/** The same holder with texts that are harmless to show: anybody who may write to the root can write a lock. */
export function presentable(holder: Holder): Holder {
  const shown = (text: string) => clipped(oneLine(text), 120)
  const {run, purpose, user, host, since} = holder
  return {
    ...holder,
    run: shown(run),
    purpose: shown(purpose),
    user: shown(user),
    host: shown(host),
    since: shown(since),
  }
}
