// The waiting room of one server: requests wait here, bounded in number, bytes and time, until a copy is active.
import type {HoldLimits} from './routes.ts'

/** Why waiting ended: `release` to be tried again, `full` and `deadline` to be refused, `cancelled` by its client. */
export type HoldEnd = 'release' | 'full' | 'deadline' | 'cancelled'

/** One server's waiting requests. */
export type Hold = {
  /** Waits. `bytes` is what the request keeps in memory; `untilMs` the end of its time on the clock of `performance.now()`. */
  wait(
    limits: HoldLimits,
    bytes: number,
    untilMs: number,
    signal: {onCancel(cancel: () => void): void},
  ): Promise<HoldEnd>
  /** Lets all go on, in the order in which they came. */
  releaseAll(): void
  held(): number
}

/** Makes an empty waiting room. `onChange` is called when the number of those who wait has changed. */
export function makeHold(onChange: () => void): Hold {
  const waiting = new Set<(end: HoldEnd) => void>()
  let bytesHeld = 0
  return {
    wait(limits, bytes, untilMs, signal) {
      const full = waiting.size >= limits.maximumRequests || bytesHeld + bytes > limits.maximumBytes
      if (full) return Promise.resolve('full')
      return new Promise(resolve => {
        const finish = (end: HoldEnd) => {
          if (!waiting.delete(finish)) return
          clearTimeout(deadline)
          bytesHeld -= bytes
          onChange()
          resolve(end)
        }
        const deadline = setTimeout(() => finish('deadline'), Math.max(0, untilMs - performance.now()))
        waiting.add(finish)
        bytesHeld += bytes
        signal.onCancel(() => finish('cancelled'))
        onChange()
      })
    },
    releaseAll() {
      for (const finish of [...waiting]) finish('release')
    },
    held: () => waiting.size,
  }
}
