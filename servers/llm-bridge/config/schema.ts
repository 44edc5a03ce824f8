// The shape of the bridge's configuration file.
import {z} from 'zod'

/** What callers ask for. Each task is served by models of one purpose. */
export const taskNames = ['chat', 'chat_fast', 'chat_smart', 'embedding'] as const
export type TaskName = (typeof taskNames)[number]
export type Purpose = 'chat' | 'embedding'

/** The purpose a model must have to serve the task. */
export function purposeOf(task: TaskName): Purpose {
  return task === 'embedding' ? 'embedding' : 'chat'
}

const costPerMillionTokens = z.number().nonnegative()

const modelSchema = z.strictObject({
  name: z.string().min(1).max(200),
  purpose: z.enum(['chat', 'embedding']),
  /** US dollars for a million tokens; 0 is free. */
  inputCostPerMillionTokens: costPerMillionTokens,
  outputCostPerMillionTokens: costPerMillionTokens,
  /** Input and output together; left out when unknown, and then not checked. */
  contextTokens: z.int().positive().optional(),
})

const providerSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
  kind: z.enum(['ollama', 'openai']),
  url: z.url({protocol: /^https?$/}),
  /** Lower is tried first. */
  priority: z.int().default(100),
  models: z.array(modelSchema).min(1),
  /** The NAME of the environment variable that holds the key; never the key. */
  apiKeyEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/)
    .optional(),
  /** 300 s at most: Node's own fetch gives up waiting for headers then. */
  timeoutMs: z.int().min(1).max(300_000).default(120_000),
  /** OpenAI's reasoning models want `max_completion_tokens`; most compatible servers know only `max_tokens`. */
  outputLimitField: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
})

const modelName = z.string().min(1).optional()

export const configSchema = z.strictObject({
  providers: z.array(providerSchema).min(1),
  defaultModels: z
    .strictObject({chat: modelName, chat_fast: modelName, chat_smart: modelName, embedding: modelName})
    .prefault({}),
  routing: z
    .strictObject({
      /** US dollars; a request is never routed to a model estimated above it. */
      maximumCostPerRequest: z.number().nonnegative().optional(),
      autoFallback: z.boolean().default(true),
      /** What a request is taken to need when the caller does not say. */
      estimatedInputTokens: z.int().nonnegative().default(1000),
      estimatedOutputTokens: z.int().positive().default(1000),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failureThreshold: z.int().min(1).max(1000).default(5),
      resetTimeoutMs: z.int().min(1).max(86_400_000).default(60_000),
    })
    .prefault({}),
  health: z
    .strictObject({
      timeoutMs: z.int().min(1).max(60_000).default(2_000),
      /** A health answer older than this is asked for again before it is reported. */
      maximumAgeMs: z.int().min(0).max(3_600_000).default(5_000),
    })
    .prefault({}),
})

export type BridgeConfig = z.infer<typeof configSchema>
export type ProviderConfig = BridgeConfig['providers'][number]
export type ModelConfig = ProviderConfig['models'][number]
