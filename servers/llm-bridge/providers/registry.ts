// The configured providers, each with its client, its breaker and its health, and what can be said about them now.
import type {BridgeConfig, ModelConfig, ProviderConfig} from '../config/schema.ts'
import {type Breaker, type BreakerState, createBreaker} from './breaker.ts'
import type {ProviderClient} from './client.ts'
import {createHealthCheck, type HealthCheck} from './health.ts'
import {createOllamaClient} from './ollama.ts'
import {createOpenaiClient} from './openai.ts'

export type Provider = {
  config: ProviderConfig
  client: ProviderClient
  breaker: Breaker
  health: HealthCheck
  /** Why it must never be asked, for example because its key is not set; undefined when it may be. */
  unusable: string | undefined
}

export type ProviderStatus = 'healthy' | 'degraded' | 'unhealthy'

/** A model as it stands now. */
export type ModelView = ModelConfig & {available: boolean; unavailableReason: string | null}

/** A provider as it stands now: plain data, which routing decides on. */
export type ProviderView = {
  name: string
  kind: ProviderConfig['kind']
  priority: number
  status: ProviderStatus
  /** Why it is not healthy; null when it is. */
  reason: string | null
  breakerState: BreakerState
  retryAfterMs: number
  latencyMs: number | null
  checkedAt: string | null
  models: ModelView[]
}

export type Registry = {
  /** By priority, then in the order of the file. */
  providers: Provider[]
  /** Every provider's view; health older than the configured age is asked for again first. */
  current(): Promise<ProviderView[]>
  /** The same from what is known, without asking anybody. */
  known(): ProviderView[]
}

const clients = {ollama: createOllamaClient, openai: createOpenaiClient}

export function createRegistry(
  config: BridgeConfig,
  environment: Record<string, string | undefined>,
  redact: (text: string) => string,
): Registry {
  const providers = config.providers
    .toSorted((one, other) => one.priority - other.priority)
    .map(provider => createProvider(provider, config, environment, redact))
  const known = () => providers.map(viewOf)
  return {
    providers,
    known,
    async current() {
      await Promise.all(providers.map(provider => provider.health.fresh(config.health.maximumAgeMs)))
      return known()
    },
  }
}

function createProvider(
  provider: ProviderConfig,
  config: BridgeConfig,
  environment: Record<string, string | undefined>,
  redact: (text: string) => string,
): Provider {
  const apiKey = provider.apiKeyEnv === undefined ? undefined : environment[provider.apiKeyEnv]?.trim() || undefined
  const client = clients[provider.kind](provider, apiKey)
  const unusable =
    provider.apiKeyEnv !== undefined && apiKey === undefined
      ? `environment variable ${provider.apiKeyEnv} is not set`
      : undefined
  const health = createHealthCheck({client, timeoutMs: config.health.timeoutMs, unusable, redact})
  return {config: provider, client, breaker: createBreaker(config.breaker), health, unusable}
}

function viewOf({config, breaker, health}: Provider): ProviderView {
  const seen = health.last()
  const breakerState = breaker.state()
  const retryAfterMs = breaker.retryAfterMs()
  const blocked = !seen.reachable
    ? seen.reason
    : breakerState === 'open'
      ? `circuit breaker open; next trial in ${retryAfterMs} ms`
      : null
  const models = config.models.map((model): ModelView => {
    const missing = seen.models?.includes(model.name) ? null : `${config.name} does not list ${model.name}`
    const unavailableReason = blocked ?? missing
    return {...model, available: unavailableReason === null, unavailableReason}
  })
  const missing = models.filter(model => !model.available)
  const base = {name: config.name, kind: config.kind, priority: config.priority, breakerState, retryAfterMs, models}
  const measured = {latencyMs: seen.latencyMs, checkedAt: seen.checkedAt}
  if (blocked !== null) return {...base, ...measured, status: 'unhealthy', reason: blocked}
  if (missing.length > 0)
    return {
      ...base,
      ...measured,
      status: missing.length === models.length ? 'unhealthy' : 'degraded',
      reason: `does not list ${missing.map(model => model.name).join(', ')}`,
    }
  if (breakerState === 'half_open')
    return {...base, ...measured, status: 'degraded', reason: 'circuit breaker half open; the next call is its trial'}
  return {...base, ...measured, status: 'healthy', reason: null}
}
