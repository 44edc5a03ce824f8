// Ends a child process and everything it started, gently first.
import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {setTimeout as pause} from 'node:timers/promises'

/** How the process ended; both are null when it could not be started. */
export type Stopped = {exitCode: number | null; stopSignal: string | null}

/**
 * Ends `child`, which must lead its own process group: closes its stdin (the MCP way to end a stdio server), after
 * `graceMs` sends SIGTERM, and after as long again SIGKILL.
 */
export async function stopChild(child: ChildProcess, graceMs = 500): Promise<Stopped> {
  const alive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const exited = alive() ? once(child, 'exit') : Promise.resolve()
  child.stdin?.end()
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const timer = new AbortController()
    await Promise.race([exited, pause(graceMs, undefined, {signal: timer.signal}).catch(() => {})])
    timer.abort()
    if (!alive()) break
    signalGroup(child, signal)
  }
  await exited
  // What the process started may still be there, although the process itself has ended.
  signalGroup(child, 'SIGKILL')
  return {exitCode: child.exitCode, stopSignal: child.signalCode}
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}
