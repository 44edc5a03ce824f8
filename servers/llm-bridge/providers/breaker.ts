// A circuit breaker for one provider: opens after consecutive failures, lets one trial through when its time has passed.
import {CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen} from 'cockatiel'
import {countsAgainstProvider, ProviderFailure} from './failure.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

export type Breaker = {
  /** Runs `work`, or throws BreakerOpen at once when the provider is not to be asked now. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  state(): BreakerState
  /** Milliseconds until the next trial; 0 when it need not be waited for. */
  retryAfterMs(): number
}

export class BreakerOpen extends Error {}

/** A closed breaker. `resetTimeoutMs` after it opened, the next call is the trial that closes or reopens it. */
export function createBreaker(options: {failureThreshold: number; resetTimeoutMs: number}): Breaker {
  let openedAtMs = 0
  const policy = circuitBreaker(
    handleWhen(error => countsAgainstProvider(error) || isTrialWithoutAnswer(error)),
    {halfOpenAfter: options.resetTimeoutMs, breaker: new ConsecutiveBreaker(options.failureThreshold)},
  )
  policy.onBreak(() => {
    openedAtMs = Date.now()
  })

  // Cockatiel takes an error it does not handle for a success; a trial that the caller cancelled proves nothing.
  function isTrialWithoutAnswer(error: unknown): boolean {
    return policy.state === CircuitState.HalfOpen && !(error instanceof ProviderFailure)
  }

  const retryAfterMs = () =>
    policy.state === CircuitState.Open ? Math.max(0, openedAtMs + options.resetTimeoutMs - Date.now()) : 0

  const state = (): BreakerState => {
    if (policy.state === CircuitState.Closed) return 'closed'
    // Cockatiel becomes half-open only with the next call; for a reader the breaker is half-open once its time is over.
    return retryAfterMs() > 0 ? 'open' : 'half_open'
  }

  return {
    state,
    retryAfterMs,
    async run(work) {
      if (state() === 'open') throw new BreakerOpen(`circuit breaker open; next trial in ${retryAfterMs()} ms`)
      // Cockatiel would let this call wait for the trial's end; falling back at once is better for the caller.
      if (policy.state === CircuitState.HalfOpen)
        throw new BreakerOpen('circuit breaker half open; a trial is under way')
      return policy.execute(work)
    },
  }
}
