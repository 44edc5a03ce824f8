// llm_routing: which provider and model a task would go to, what it would cost, and why.
import {z} from 'zod'
import {dollarText} from '../routing/cost.ts'
import {decideRoute} from '../routing/decideRoute.ts'
import {maximumCost} from '../routing/maximumCost.ts'
import {defineTool} from './defineTool.ts'
import {choice, choiceOf, maximumCostInput, preferredModelInput, providerInput, taskInput} from './shapes.ts'

export const routingTool = defineTool({
  name: 'llm_routing',
  title: 'LLM routing recommendation',
  description:
    'Where a task would be routed: provider, model, estimated cost and reason, with what would follow on failure and what the limits rule out. ' +
    'Never above the maximum cost. A model that is not available now is named only when no other can serve; `available` tells.',
  input: z.object({
    task: taskInput,
    preferred_model: preferredModelInput,
    provider_id: providerInput,
    max_cost: maximumCostInput,
    strategy: z
      .enum(['priority', 'cheapest'])
      .default('priority')
      .describe(
        "priority: preferred model, then the task's default model, then provider priority; cheapest: cost first",
      ),
    allow_fallback: z
      .boolean()
      .optional()
      .describe('false: name the first choice even when it is not available now; left out: as configured'),
    input_tokens: z.int().nonnegative().max(100_000_000).optional(),
    output_tokens: z.int().nonnegative().max(100_000_000).optional(),
  }),
  output: z.object({
    ...choice.shape,
    reason: z.string(),
    provider_status: z.enum(['healthy', 'degraded', 'unhealthy']),
    fallbacks: z.array(choice).describe('Tried next, in this order, when the choice fails'),
    rejected: z.array(z.object({provider_id: z.string(), model_id: z.string(), reason: z.string()})),
  }),
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true},
  async run(input, {config, registry}) {
    const {routing, defaultModels} = config
    const wish = {
      task: input.task,
      preferredModel: input.preferred_model,
      providerName: input.provider_id,
      maximumCost: maximumCost(routing.maximumCostPerRequest, input.max_cost),
      strategy: input.strategy,
      allowFallback: input.allow_fallback ?? routing.autoFallback,
      tokens: {
        input: input.input_tokens ?? routing.estimatedInputTokens,
        output: input.output_tokens ?? routing.estimatedOutputTokens,
      },
    }
    const route = decideRoute(await registry.current(), wish, defaultModels)
    const chosen = choiceOf(route.chosen)
    return {
      text: `Routing: ${chosen.provider_id}/${chosen.model_id} (${dollarText(chosen.estimated_cost)})`,
      value: {
        ...chosen,
        reason: route.reason,
        provider_status: route.chosen.provider.status,
        fallbacks: route.fallbacks.map(choiceOf),
        rejected: route.rejected.map(({provider, model, reason}) => ({provider_id: provider, model_id: model, reason})),
      },
    }
  },
})
