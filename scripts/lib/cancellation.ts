// One AbortSignal for SIGINT and SIGTERM, so that a cancelled step ends what it started and says so.

export class Cancelled extends Error {
  constructor(signal: NodeJS.Signals) {
    super(`cancelled by ${signal}`)
    this.name = 'Cancelled'
  }
}

/** The signal is aborted with a `Cancelled` at the first SIGINT or SIGTERM; `dispose` takes the handlers away. */
export function cancellation(): {signal: AbortSignal; dispose: () => void} {
  const controller = new AbortController()
  const cancel = (signal: NodeJS.Signals) => controller.abort(new Cancelled(signal))
  // `on`, not `once`: a handler that is gone at the second Ctrl-C would let the process die in the middle of its clean-up.
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const dispose = () => process.off('SIGINT', cancel).off('SIGTERM', cancel)
  return {signal: controller.signal, dispose}
}
