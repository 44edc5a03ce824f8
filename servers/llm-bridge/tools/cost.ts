// llm_cost: what given tokens would cost on each model, the cheapest, and the cheapest within a budget. Asks nobody.
import {z} from 'zod'
import {purposeOf} from '../config/schema.ts'
import {providersNamed, requireModel} from '../routing/candidates.ts'
import {costOf, dollarText} from '../routing/cost.ts'
import {ToolFault} from '../routing/toolFault.ts'
import {defineTool} from './defineTool.ts'
import {providerInput, taskInput} from './shapes.ts'

const estimate = z.object({
  provider_id: z.string(),
  model_id: z.string(),
  cost: z.number().describe('US dollars; 0 is free'),
  free: z.boolean(),
  within_budget: z.boolean().describe('Always true without max_cost'),
})

export const costTool = defineTool({
  name: 'llm_cost',
  title: 'LLM cost estimate',
  description:
    'What input and output tokens would cost on the configured models, cheapest first, and the cheapest within max_cost. Computed from configured prices; no provider is asked, so availability is not considered.',
  input: z.object({
    input_tokens: z.int().nonnegative().max(1_000_000_000),
    output_tokens: z.int().nonnegative().max(1_000_000_000).default(0),
    model_id: z.string().min(1).optional().describe('Only this model'),
    provider_id: providerInput,
    task: taskInput.optional().describe('Only models that can serve this task'),
    max_cost: z.number().nonnegative().optional().describe('US dollars'),
  }),
  output: z.object({
    currency: z.literal('USD'),
    input_tokens: z.int().nonnegative(),
    output_tokens: z.int().nonnegative(),
    estimates: z.array(estimate),
    cheapest: estimate,
    cheapest_within_budget: estimate.nullable(),
  }),
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false},
  async run(input, {registry}) {
    const providers = providersNamed(registry.known(), input.provider_id)
    const purpose = input.task === undefined ? undefined : purposeOf(input.task)
    if (input.model_id !== undefined) requireModel(providers, input.model_id, purpose, input.task)
    const estimates = providers
      .flatMap(provider => provider.models.map(model => ({provider, model})))
      .filter(({model}) => input.model_id === undefined || model.name === input.model_id)
      .filter(({model}) => purpose === undefined || model.purpose === purpose)
      .map(({provider, model}) => {
        const cost = costOf(model, {input: input.input_tokens, output: input.output_tokens})
        const within_budget = input.max_cost === undefined || cost <= input.max_cost
        return {provider_id: provider.name, model_id: model.name, cost, free: cost === 0, within_budget}
      })
      // A stable sort: equal costs stay in the order of provider priority.
      .toSorted((one, other) => one.cost - other.cost)
    const [cheapest] = estimates
    if (cheapest === undefined) throw new ToolFault(`No model for ${input.task ?? 'these limits'} at that provider.`)
    return {
      text: `Cost: cheapest is ${cheapest.provider_id}/${cheapest.model_id} (${dollarText(cheapest.cost)}) of ${estimates.length}`,
      value: {
        currency: 'USD' as const,
        input_tokens: input.input_tokens,
        output_tokens: input.output_tokens,
        estimates,
        cheapest,
        cheapest_within_budget: estimates.find(item => item.within_budget) ?? null,
      },
    }
  },
})
