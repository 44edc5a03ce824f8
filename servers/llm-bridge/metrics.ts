// What Prometheus reads at /metrics. Labels hold configured names only: no prompt, no key, no error text.
import {Counter, collectDefaultMetrics, Gauge, Histogram, Registry as PrometheusRegistry} from 'prom-client'
import {ProviderFailure} from './providers/failure.ts'
import type {Registry} from './providers/registry.ts'
import type {Tokens} from './routing/cost.ts'

export type Metrics = {
  contentType: string
  text(): Promise<string>
  /** Measures one request to a provider: its count, its duration and, when it throws, its failure. */
  measureProvider<Answer>(labels: ProviderLabels, work: () => Promise<Answer>): Promise<Answer>
  spent(labels: {provider: string; model: string}, costDollars: number, tokens: Tokens): void
  toolCall(tool: string, outcome: 'ok' | 'error', seconds: number): void
  fallback(): void
}

type ProviderLabels = {provider: string; operation: 'chat' | 'embed'}

const breakerNumbers = {closed: 0, half_open: 1, open: 2}

/** Metrics of this process in a registry of their own; gauges read the providers' state when they are scraped. */
export function createMetrics(registry: Registry): Metrics {
  const register = new PrometheusRegistry()
  const registers = [register]
  collectDefaultMetrics({register})
  const provider = ['provider', 'operation']
  const model = ['provider', 'model']

  const requests = new Counter({
    name: 'llm_bridge_provider_requests_total',
    help: 'Requests sent to a provider.',
    labelNames: provider,
    registers,
  })
  const failures = new Counter({
    name: 'llm_bridge_provider_failures_total',
    help: 'Requests to a provider that failed, by reason.',
    labelNames: [...provider, 'reason'],
    registers,
  })
  const duration = new Histogram({
    name: 'llm_bridge_provider_request_duration_seconds',
    help: 'Duration of requests to a provider.',
    labelNames: provider,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  })
  const cost = new Counter({
    name: 'llm_bridge_cost_dollars_total',
    help: 'US dollars that answers cost, from the tokens used.',
    labelNames: model,
    registers,
  })
  const tokenCount = new Counter({
    name: 'llm_bridge_tokens_total',
    help: 'Tokens used.',
    labelNames: [...model, 'direction'],
    registers,
  })
  const toolCalls = new Counter({
    name: 'llm_bridge_tool_calls_total',
    help: 'Tool calls; an outcome of error is a result with isError.',
    labelNames: ['tool', 'outcome'],
    registers,
  })
  const toolDuration = new Histogram({
    name: 'llm_bridge_tool_call_duration_seconds',
    help: 'Duration of tool calls.',
    labelNames: ['tool'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120],
    registers,
  })
  const fallbacks = new Counter({
    name: 'llm_bridge_fallbacks_total',
    help: 'Answers that did not come from the first choice.',
    registers,
  })
  new Gauge({
    name: 'llm_bridge_breaker_state',
    help: 'Circuit breaker of a provider: 0 closed, 1 half open, 2 open.',
    labelNames: ['provider'],
    registers,
    collect() {
      for (const view of registry.known()) this.set({provider: view.name}, breakerNumbers[view.breakerState])
    },
  })
  new Gauge({
    name: 'llm_bridge_provider_up',
    help: 'Whether the provider can serve at least one of its models now.',
    labelNames: ['provider'],
    registers,
    collect() {
      for (const view of registry.known()) this.set({provider: view.name}, view.models.some(m => m.available) ? 1 : 0)
    },
  })

  // A provider that was never asked has counters at 0, so that a rate over its first failure is not empty.
  for (const {config} of registry.providers)
    for (const {purpose} of config.models) requests.inc({provider: config.name, operation: operationOf(purpose)}, 0)
  for (const {config} of registry.providers)
    for (const {name} of config.models) cost.inc({provider: config.name, model: name}, 0)

  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    async measureProvider(labels, work) {
      requests.inc(labels)
      const stop = duration.startTimer(labels)
      try {
        return await work()
      } catch (error) {
        failures.inc({...labels, reason: error instanceof ProviderFailure ? error.reason : 'cancelled'})
        throw error
      } finally {
        stop()
      }
    },
    spent(labels, costDollars, tokens) {
      cost.inc(labels, costDollars)
      tokenCount.inc({...labels, direction: 'input'}, tokens.input)
      tokenCount.inc({...labels, direction: 'output'}, tokens.output)
    },
    toolCall(tool, outcome, seconds) {
      toolCalls.inc({tool, outcome})
      toolDuration.observe({tool}, seconds)
    },
    fallback: () => fallbacks.inc(),
  }
}

function operationOf(purpose: 'chat' | 'embedding'): 'chat' | 'embed' {
  return purpose === 'embedding' ? 'embed' : 'chat'
}
