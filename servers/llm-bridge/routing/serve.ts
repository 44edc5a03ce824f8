// Routes a request, has it answered with fallback, and counts what it cost: what llm_chat and llm_embed share.
import type {Bridge} from '../bridge.ts'
import type {Usage} from '../providers/client.ts'
import type {Provider} from '../providers/registry.ts'
import type {Candidate} from './candidates.ts'
import {costOf, dollarText, type Tokens} from './cost.ts'
import {decideRoute, type RouteWish} from './decideRoute.ts'
import {type Outcome, runRoute} from './runRoute.ts'

export type Served<Answer> = {
  outcome: Outcome<Answer>
  reason: string
  tokens: Tokens
  /** Whether the provider left out a count and the estimate stands in for it. */
  tokensEstimated: boolean
  cost: number
  fallbackUsed: boolean
}

/** Throws ToolFault when nothing fits or nobody answers. */
export async function serve<Answer extends {usage: Usage}>(
  bridge: Bridge,
  operation: 'chat' | 'embed',
  wish: RouteWish,
  work: (provider: Provider, candidate: Candidate) => Promise<Answer>,
  outputTokens: (answer: Answer) => number,
  signal: AbortSignal,
): Promise<Served<Answer>> {
  const {config, registry, metrics, redact, log} = bridge
  const route = decideRoute(await registry.current(), wish, config.defaultModels)
  const {provider, model, cost: estimated} = route.chosen
  log('info', 'route', {
    operation,
    provider: provider.name,
    model: model.name,
    estimated_cost: estimated,
    reason: route.reason,
  })
  const outcome = await runRoute(route, {
    providers: registry.providers,
    signal,
    redact,
    work: (asked, candidate) =>
      metrics.measureProvider({provider: asked.config.name, operation}, () => work(asked, candidate)),
  })
  const {usage} = outcome.answer
  const tokens = {
    input: usage.inputTokens ?? wish.tokens.input,
    output: usage.outputTokens ?? outputTokens(outcome.answer),
  }
  const {candidate} = outcome
  const cost = costOf(candidate.model, tokens)
  metrics.spent({provider: candidate.provider.name, model: candidate.model.name}, cost, tokens)
  const fallbackUsed = outcome.attempts.length > 1
  if (fallbackUsed) metrics.fallback()
  if (wish.maximumCost !== undefined && cost > wish.maximumCost)
    log('warning', 'over budget', {
      model: candidate.model.name,
      cost: dollarText(cost),
      maximum: dollarText(wish.maximumCost),
    })
  const tokensEstimated = usage.inputTokens === undefined || usage.outputTokens === undefined
  return {outcome, reason: route.reason, tokens, tokensEstimated, cost, fallbackUsed}
}
