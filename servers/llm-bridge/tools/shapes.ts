// Parts of input and output that several tools share.
import {z} from 'zod'
import {taskNames} from '../config/schema.ts'
import type {Candidate} from '../routing/candidates.ts'
import type {Served} from '../routing/serve.ts'

export const taskInput = z.enum(taskNames)
export const preferredModelInput = z
  .string()
  .min(1)
  .optional()
  .describe('Used if it is within the limits and available')
export const providerInput = z.string().min(1).optional().describe('Only this provider')
export const maximumCostInput = z
  .number()
  .nonnegative()
  .optional()
  .describe('US dollars for the request; the lower of this and the configured maximum holds')

export const providerType = z.enum(['ollama', 'openai'])

export const choice = z.object({
  provider_id: z.string(),
  model_id: z.string(),
  provider_type: providerType,
  estimated_cost: z.number().describe('US dollars'),
  available: z.boolean().describe('Whether the provider can serve the model now'),
})

/** What llm_chat and llm_embed say about how their answer came to be. */
export const answered = z.object({
  provider_id: z.string(),
  model_id: z.string(),
  provider_type: providerType,
  reason: z.string().describe('Why this model was the first choice'),
  estimated_cost: z.number().describe('US dollars, before the call'),
  cost: z.number().describe('US dollars, from the tokens used'),
  usage: z.object({
    input_tokens: z.int().nonnegative(),
    output_tokens: z.int().nonnegative(),
    estimated: z.boolean().describe('Whether the provider left out a count, which was then estimated'),
  }),
  fallback_used: z.boolean(),
  attempts: z.array(
    z.object({
      provider_id: z.string(),
      model_id: z.string(),
      outcome: z.enum(['answered', 'failed', 'skipped']),
      reason: z.string().nullable(),
      duration_ms: z.int().nonnegative(),
    }),
  ),
})

export function choiceOf({provider, model, cost}: Candidate): z.infer<typeof choice> {
  return {
    provider_id: provider.name,
    model_id: model.name,
    provider_type: provider.kind,
    estimated_cost: cost,
    available: model.available,
  }
}

/** The shared part of an answer as llm_chat and llm_embed give it. */
export function answeredOf(served: Served<unknown>): z.infer<typeof answered> {
  const {candidate, attempts} = served.outcome
  return {
    provider_id: candidate.provider.name,
    model_id: candidate.model.name,
    provider_type: candidate.provider.kind,
    reason: served.reason,
    estimated_cost: candidate.cost,
    cost: served.cost,
    usage: {
      input_tokens: served.tokens.input,
      output_tokens: served.tokens.output,
      estimated: served.tokensEstimated,
    },
    fallback_used: served.fallbackUsed,
    attempts: attempts.map(({provider, model, outcome, reason, durationMs}) => ({
      provider_id: provider,
      model_id: model,
      outcome,
      reason,
      duration_ms: durationMs,
    })),
  }
}
