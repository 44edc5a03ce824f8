// The sign of life of a lease: a small file beside the lock, named for its token, replaced in one move by whoever works under it.
import {readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ifThere} from '../files/ifThere.ts'

export interface Heartbeat {
  /** Grows with each heartbeat of one process. */
  beat: number
  at: string
  /** The process that works under the lease, such as a step of a runner. */
  pid: number
  pidStart: string | undefined
}

export interface SeenHeartbeat {
  /** Whatever it says: while it changes, the lease is renewed. Clocks are not asked. */
  text: string
  /** Undefined when it cannot be understood. */
  heartbeat: Heartbeat | undefined
  /** When it was written, by the clock of the machine that has the file. */
  writtenMs: number
}

// By name, so that one that lost its lease never gives a sign of life for its successor.
function heartbeatPath(root: string, token: number): string {
  return join(root, `lock.beat-${token}`)
}

/** Not synced: after a power cut nobody works under the lease. Throws what the file system says. */
export function writeHeartbeat(root: string, token: number, heartbeat: Heartbeat): void {
  const path = heartbeatPath(root, token)
  const temporary = `${path}.${process.pid}`
  try {
    writeFileSync(temporary, `${JSON.stringify(heartbeat)}\n`)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
}

/** Undefined when there is none. Throws what the file system says of one that cannot be read: its holder may well live. */
export function readHeartbeat(root: string, token: number | undefined): SeenHeartbeat | undefined {
  if (token === undefined) return undefined
  const path = heartbeatPath(root, token)
  return ifThere(() => {
    const text = readFileSync(path, 'utf8')
    return {text, heartbeat: parsed(text), writtenMs: statSync(path).mtimeMs}
  })
}

function parsed(text: string): Heartbeat | undefined {
  try {
    const value = JSON.parse(text) as Heartbeat | null
    return Number.isSafeInteger(value?.pid) && value !== null && value.pid > 0 ? value : undefined
  } catch {
    // It is asked for its process only: without one, the lease ends by its time.
    return undefined
  }
}

/** Removes the files of leases up to that token: they are over. */
export function removeHeartbeats(root: string, upTo: number): void {
  for (const name of readdirSync(root)) {
    const token = /^lock\.beat-(\d+)(\.\d+)?$/.exec(name)?.[1]
    if (token !== undefined && Number(token) <= upTo) rmSync(join(root, name), {force: true})
  }
}
