// Makes calls at a steady rate with a bounded number of callers, and never catches up in a burst.

/** A running drive. `stop` sends nothing more and resolves when every call in flight has ended. */
export type Drive = {stop(): Promise<void>}

export type DriveOptions = {
  perSecond: number
  /** Each makes one call and never rejects; one that still waits for its answer is passed over. */
  callers: readonly (() => Promise<void>)[]
  /** Told how many calls were due while every caller was busy. */
  onHeldBack(calls: number): void
  /** When it is aborted nothing more is sent, although nobody has called `stop` yet. */
  signal: AbortSignal
}

// A timer more often than this costs more than the calls.
const shortestTickMs = 5

/** Starts at once. Callers take turns, so that no session is forgotten. */
export function drive({perSecond, callers, onHeldBack, signal}: DriveOptions): Drive {
  const idle = [...callers]
  const running = new Set<Promise<void>>()
  const startedAt = performance.now()
  let issued = 0
  const start = (caller: () => Promise<void>) => {
    const call = caller().finally(() => {
      running.delete(call)
      idle.push(caller)
    })
    running.add(call)
  }
  const tick = () => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - issued
    if (due <= 0 || signal.aborted) return
    issued += due
    const ready = idle.splice(0, due)
    for (const caller of ready) start(caller)
    if (ready.length < due) onHeldBack(due - ready.length)
  }
  const timer = setInterval(tick, Math.max(shortestTickMs, 500 / perSecond))
  const end = () => clearInterval(timer)
  signal.addEventListener('abort', end, {once: true})
  return {
    async stop() {
      end()
      signal.removeEventListener('abort', end)
      while (running.size > 0) await Promise.all(running)
    },
  }
}
