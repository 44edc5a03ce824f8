// A provider did not do what was asked: why, in words that can be shown, and whether it is the provider's fault.

export type FailureReason =
  | 'unreachable'
  | 'timeout'
  | 'server_error'
  | 'rate_limited'
  | 'unauthorised'
  | 'redirected'
  | 'malformed'
  | 'too_large'
  | 'refused'

export class ProviderFailure extends Error {
  readonly reason: FailureReason

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProviderFailure'
    this.reason = reason
  }
}

/**
 * Whether the failure says something about the provider rather than about the one request: only these open the breaker.
 * A refusal (400, 404 …) is the provider working.
 */
export function countsAgainstProvider(error: unknown): boolean {
  return error instanceof ProviderFailure && error.reason !== 'refused'
}
