// One AbortSignal for SIGINT, SIGTERM and the end of the runner, so that a cancelled step ends what it started and says so.

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

/** The signal is aborted with a `Cancelled` at the first SIGINT or SIGTERM, or when the runner that started us is gone. */
export function cancellation(): Cancellation {
  const controller = new AbortController()
  const cancel = (signal: NodeJS.Signals) => controller.abort(new Cancelled(signal))
  // `on`, not `once`: a handler that is gone at the second Ctrl-C would let the process die in the middle of its clean-up.
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const watch = watchRunner(() => controller.abort(new Cancelled('the end of its runner')))
  const dispose = () => {
    process.off('SIGINT', cancel).off('SIGTERM', cancel)
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
