// llm_embed: texts turned into vectors by one model; only another provider of the same model is a fallback.
import {z} from 'zod'
import {dollarText, estimateTokens} from '../routing/cost.ts'
import {maximumCost} from '../routing/maximumCost.ts'
import {serve} from '../routing/serve.ts'
import {defineTool} from './defineTool.ts'
import {answered, answeredOf, maximumCostInput, preferredModelInput, providerInput} from './shapes.ts'

export const embedTool = defineTool({
  name: 'llm_embed',
  title: 'LLM embedding',
  description:
    'Turns texts into embedding vectors, in their order. Falls back only to another provider of the same model: vectors of different models cannot be compared.',
  input: z.object({
    input: z.array(z.string().min(1).max(1_000_000)).min(1).max(2048),
    preferred_model: preferredModelInput,
    provider_id: providerInput,
    max_cost: maximumCostInput,
    allow_fallback: z.boolean().optional().describe('Left out: as configured'),
  }),
  output: z.object({embeddings: z.array(z.array(z.number())), dimensions: z.int().nonnegative(), ...answered.shape}),
  annotations: {readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true},
  async run(input, bridge, signal) {
    const {routing} = bridge.config
    const wish = {
      task: 'embedding' as const,
      preferredModel: input.preferred_model,
      providerName: input.provider_id,
      maximumCost: maximumCost(routing.maximumCostPerRequest, input.max_cost),
      strategy: 'priority' as const,
      allowFallback: input.allow_fallback ?? routing.autoFallback,
      tokens: {input: estimateTokens(input.input), output: 0},
    }
    const served = await serve(
      bridge,
      'embed',
      wish,
      ({client}, {model}) => client.embed({model: model.name, input: input.input}, signal),
      () => 0,
      signal,
    )
    const {candidate, answer} = served.outcome
    const dimensions = answer.embeddings[0]?.length ?? 0
    return {
      text: `Embedding: ${candidate.provider.name}/${candidate.model.name} made ${answer.embeddings.length} of ${dimensions} dimensions (${dollarText(served.cost)})`,
      value: {
        embeddings: answer.embeddings,
        dimensions,
        ...answeredOf(served),
      },
    }
  },
})
