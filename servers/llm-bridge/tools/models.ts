// llm_models: every configured model with its prices, and whether it can be served now.
import {z} from 'zod'
import {taskNames} from '../config/schema.ts'
import {providersNamed} from '../routing/candidates.ts'
import {defineTool} from './defineTool.ts'
import {providerInput, providerType, taskInput} from './shapes.ts'

export const modelsTool = defineTool({
  name: 'llm_models',
  title: 'LLM models',
  description: 'The configured models: provider, purpose, prices, context, and whether each can be served now.',
  input: z.object({provider_id: providerInput, purpose: z.enum(['chat', 'embedding']).optional()}),
  output: z.object({
    models: z.array(
      z.object({
        model_id: z.string(),
        provider_id: z.string(),
        provider_type: providerType,
        purpose: z.enum(['chat', 'embedding']),
        input_cost_per_million_tokens: z.number().describe('US dollars'),
        output_cost_per_million_tokens: z.number().describe('US dollars'),
        context_tokens: z.int().nullable(),
        default_for: z.array(taskInput),
        available: z.boolean(),
        unavailable_reason: z.string().nullable(),
      }),
    ),
    total_models: z.int().nonnegative(),
    available_models: z.int().nonnegative(),
  }),
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true},
  async run({provider_id, purpose}, {config, registry}) {
    const models = providersNamed(await registry.current(), provider_id).flatMap(provider =>
      provider.models
        .filter(model => purpose === undefined || model.purpose === purpose)
        .map(model => ({
          model_id: model.name,
          provider_id: provider.name,
          provider_type: provider.kind,
          purpose: model.purpose,
          input_cost_per_million_tokens: model.inputCostPerMillionTokens,
          output_cost_per_million_tokens: model.outputCostPerMillionTokens,
          context_tokens: model.contextTokens ?? null,
          default_for: taskNames.filter(task => config.defaultModels[task] === model.name),
          available: model.available,
          unavailable_reason: model.unavailableReason,
        })),
    )
    const available = models.filter(model => model.available).length
    return {
      text: `LLM Models: ${models.length} total, ${available} available`,
      value: {models, total_models: models.length, available_models: available},
    }
  },
})
