// One AbortSignal for Ctrl-C, SIGTERM, a closed terminal and the end of the runner, and what Ctrl-C does when it is pressed again.
import {countPresses} from './countPresses.ts'

export class Cancelled extends Error {
  constructor(by: string) {
    super(`cancelled by ${by}`)
    this.name = 'Cancelled'
  }
}

export interface Cancellation {
  signal: AbortSignal
  /** Aborts what still goes on, such as the servers that were started at the same time as the one that failed. */
  endRest: () => void
  /** Takes the handlers away. */
  dispose: () => void
}

export interface PressedAgain {
  /** Says what is being done, and what the next press does. */
  second?: () => void
  /** Ends everything of ours at once. Without it, further presses do nothing. */
  third?: () => void
}

/**
 * The signal is aborted with a `Cancelled` at the first SIGINT, SIGTERM or SIGHUP, or when the runner that started us is gone.
 * `again` hears of the next two.
 */
export function cancellation(again: PressedAgain = {}): Cancellation {
  const controller = new AbortController()
  const pressOf = countPresses()
  const hear = (signal: NodeJS.Signals) => {
    const press = pressOf(signal, performance.now())
    if (press === 1) controller.abort(new Cancelled(signal))
    if (press === 2) again.second?.()
    if (press === 3) again.third?.()
  }
  // `on`, not `once`: a handler that is gone at the second Ctrl-C would let the process die in the middle of its clean-up.
  process.on('SIGINT', hear).on('SIGTERM', hear).on('SIGHUP', hear)
  const watch = watchRunner(() => controller.abort(new Cancelled('the end of its runner')))
  const dispose = () => {
    process.off('SIGINT', hear).off('SIGTERM', hear).off('SIGHUP', hear)
    clearInterval(watch)
  }
  const endRest = () => controller.abort(new Error('the step has ended'))
  return {signal: controller.signal, endRest, dispose}
}

const lookEveryMs = 250

// A runner that was killed cannot tell its step to end. Left alone, the step would go on changing what the next run cleans up.
function watchRunner(gone: () => void): NodeJS.Timeout | undefined {
  const runner = process.ppid
  if (process.env.SEAWORTHY_RUNNER !== String(runner)) return undefined
  return setInterval(() => process.ppid === runner || gone(), lookEveryMs).unref()
}
