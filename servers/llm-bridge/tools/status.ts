// llm_status: every provider, whether it is healthy, its circuit breaker and its models.
import {z} from 'zod'
import type {ProviderView} from '../providers/registry.ts'
import {providersNamed} from '../routing/candidates.ts'
import {defineTool} from './defineTool.ts'

const provider = z.object({
  provider_id: z.string(),
  provider_type: z.enum(['ollama', 'openai']),
  status: z.enum(['healthy', 'degraded', 'unhealthy']).describe('degraded: serves some models, or is on trial'),
  reason: z.string().nullable().describe('Why it is not healthy'),
  models_count: z.int().nonnegative(),
  available_models: z.array(z.string()).describe('Configured models that it can serve now'),
  circuit_breaker_state: z.enum(['closed', 'open', 'half_open']),
  retry_after_ms: z.int().describe('Until an open breaker lets the next trial through'),
  priority: z.int(),
  latency_ms: z.number().nullable().describe('How long the last health check took'),
  checked_at: z.string().nullable().describe('When health was last checked; null when the provider is never asked'),
})

export const statusTool = defineTool({
  name: 'llm_status',
  title: 'LLM provider status',
  description:
    'Status of the LLM providers: health with its reason, circuit breaker state, models and totals. Totals count the providers listed.',
  input: z.object({provider_id: z.string().optional().describe('Only this provider')}),
  output: z.object({
    providers: z.array(provider),
    total_providers: z.int().nonnegative(),
    healthy_providers: z.int().nonnegative(),
    total_models: z.int().nonnegative(),
  }),
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true},
  async run({provider_id}, {registry}) {
    const providers = providersNamed(await registry.current(), provider_id)
    const healthy = providers.filter(({status}) => status === 'healthy').length
    return {
      text: `LLM Providers: ${providers.length} total, ${healthy} healthy`,
      value: {
        providers: providers.map(statusOf),
        total_providers: providers.length,
        healthy_providers: healthy,
        total_models: providers.reduce((sum, {models}) => sum + models.length, 0),
      },
    }
  },
})

function statusOf(view: ProviderView): z.infer<typeof provider> {
  return {
    provider_id: view.name,
    provider_type: view.kind,
    status: view.status,
    reason: view.reason,
    models_count: view.models.length,
    available_models: view.models.filter(model => model.available).map(model => model.name),
    circuit_breaker_state: view.breakerState,
    retry_after_ms: view.retryAfterMs,
    priority: view.priority,
    latency_ms: view.latencyMs,
    checked_at: view.checkedAt,
  }
}
