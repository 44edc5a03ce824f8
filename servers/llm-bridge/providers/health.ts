// Whether a provider answers, asked again only when the last answer is too old, and by one question at a time.
import type {ProviderClient} from './client.ts'

export type Health = {
  reachable: boolean
  /** Why not; null when it is. */
  reason: string | null
  latencyMs: number | null
  checkedAt: string | null
  /** Names of the models that the provider has; null when it did not say. */
  models: string[] | null
}

export type HealthCheck = {
  /** The last answer, without asking. */
  last(): Health
  /** An answer no older than `maximumAgeMs`. Never throws: a provider that does not answer is an answer. */
  fresh(maximumAgeMs: number): Promise<Health>
}

const unasked: Health = {reachable: false, reason: 'not checked yet', latencyMs: null, checkedAt: null, models: null}

export type HealthOptions = {
  client: ProviderClient
  timeoutMs: number
  /** The reason why it must not be asked at all, for example a key that is not set. */
  unusable: string | undefined
  redact: (text: string) => string
}

export function createHealthCheck({client, timeoutMs, unusable, redact}: HealthOptions): HealthCheck {
  let last: Health = unusable === undefined ? unasked : {...unasked, reason: unusable}
  let checkedAtMs = Number.NEGATIVE_INFINITY
  let running: Promise<Health> | undefined

  async function ask(): Promise<Health> {
    const startedAtMs = Date.now()
    const checkedAt = new Date(startedAtMs).toISOString()
    try {
      const models = await client.listModels(timeoutMs, new AbortController().signal)
      return {reachable: true, reason: null, latencyMs: Date.now() - startedAtMs, checkedAt, models}
    } catch (error) {
      const reason = redact(error instanceof Error ? error.message : String(error))
      return {reachable: false, reason, latencyMs: null, checkedAt, models: null}
    }
  }

  return {
    last: () => last,
    async fresh(maximumAgeMs) {
      if (unusable !== undefined || Date.now() - checkedAtMs <= maximumAgeMs) return last
      running ??= ask().then(health => {
        last = health
        checkedAtMs = Date.now()
        running = undefined
        return health
      })
      return running
    },
  }
}
