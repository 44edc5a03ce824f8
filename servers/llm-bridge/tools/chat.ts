// llm_chat: a conversation answered by the routed model, or by the next provider when that one fails.
import {z} from 'zod'
import {dollarText, estimateTokens} from '../routing/cost.ts'
import {maximumCost} from '../routing/maximumCost.ts'
import {serve} from '../routing/serve.ts'
import {defineTool} from './defineTool.ts'
import {answered, answeredOf, maximumCostInput, preferredModelInput, providerInput} from './shapes.ts'

const message = z.object({role: z.enum(['system', 'user', 'assistant']), content: z.string().max(4_000_000)})

export const chatTool = defineTool({
  name: 'llm_chat',
  title: 'LLM chat',
  description:
    'Has a conversation answered by the routed model. When a provider fails or its circuit breaker is open, the next one is asked. ' +
    'max_output_tokens is sent to the provider, so that the answer stays within the estimated cost.',
  input: z.object({
    messages: z.array(message).min(1).max(1000),
    task: z.enum(['chat', 'chat_fast', 'chat_smart']).default('chat'),
    preferred_model: preferredModelInput,
    provider_id: providerInput,
    max_cost: maximumCostInput,
    max_output_tokens: z.int().positive().max(1_000_000).optional(),
    temperature: z.number().min(0).max(2).optional(),
    allow_fallback: z.boolean().optional().describe('Left out: as configured'),
  }),
  output: z.object({text: z.string(), finish_reason: z.string(), ...answered.shape}),
  annotations: {readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true},
  async run(input, bridge, signal) {
    const {routing} = bridge.config
    const maximumOutputTokens = input.max_output_tokens ?? routing.estimatedOutputTokens
    const wish = {
      task: input.task,
      preferredModel: input.preferred_model,
      providerName: input.provider_id,
      maximumCost: maximumCost(routing.maximumCostPerRequest, input.max_cost),
      strategy: 'priority' as const,
      allowFallback: input.allow_fallback ?? routing.autoFallback,
      tokens: {input: estimateTokens(input.messages.map(item => item.content)), output: maximumOutputTokens},
    }
    const {messages, temperature} = input
    const served = await serve(
      bridge,
      'chat',
      wish,
      ({client}, {model}) => client.chat({model: model.name, messages, maximumOutputTokens, temperature}, signal),
      answer => estimateTokens([answer.text]),
      signal,
    )
    const {candidate, answer} = served.outcome
    return {
      text: `Chat: ${candidate.provider.name}/${candidate.model.name} answered (${dollarText(served.cost)})`,
      value: {
        text: answer.text,
        finish_reason: answer.finishReason,
        ...answeredOf(served),
      },
    }
  },
})
