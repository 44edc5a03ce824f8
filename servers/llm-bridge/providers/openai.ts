// A provider that speaks OpenAI's interface: /chat/completions, /embeddings and /models below its URL (which ends in /v1).
import {z} from 'zod'
import type {ProviderConfig} from '../config/schema.ts'
import type {ProviderClient} from './client.ts'
import {ProviderFailure} from './failure.ts'
import {parseAnswer} from './parseAnswer.ts'
import {requestJson} from './requestJson.ts'

const count = z.int().nonnegative().optional()
const modelsAnswer = z.object({data: z.array(z.object({id: z.string()}))})
const chatAnswer = z.object({
  choices: z
    .array(z.object({message: z.object({content: z.string().nullable()}), finish_reason: z.string().nullish()}))
    .min(1),
  usage: z.object({prompt_tokens: count, completion_tokens: count}).nullish(),
})
const embedAnswer = z.object({
  data: z.array(z.object({index: z.int().nonnegative(), embedding: z.array(z.number()).min(1)})),
  usage: z.object({prompt_tokens: count}).nullish(),
})

/** OpenAI's interface as a ProviderClient. */
export function createOpenaiClient(config: ProviderConfig, apiKey: string | undefined): ProviderClient {
  const {apiKeyEnv, timeoutMs} = config
  const base = config.url.replace(/\/+$/, '')
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    requestJson({url: `${base}${path}`, body, apiKey, apiKeyEnv, timeoutMs, signal})

  return {
    async listModels(probeTimeoutMs, signal) {
      const url = `${base}/models`
      const answer = await requestJson({url, apiKey, apiKeyEnv, timeoutMs: probeTimeoutMs, signal})
      return parseAnswer(modelsAnswer, answer, url).data.map(model => model.id)
    },

    async chat({model, messages, maximumOutputTokens, temperature}, signal) {
      const limit = {[config.outputLimitField]: maximumOutputTokens}
      const warmth = temperature === undefined ? {} : {temperature}
      const answer = await post('/chat/completions', {model, messages, stream: false, ...limit, ...warmth}, signal)
      const {choices, usage} = parseAnswer(chatAnswer, answer, `${base}/chat/completions`)
      const [choice] = choices
      return {
        text: choice?.message.content ?? '',
        finishReason: choice?.finish_reason ?? 'stop',
        usage: {inputTokens: usage?.prompt_tokens, outputTokens: usage?.completion_tokens},
      }
    },

    async embed({model, input}, signal) {
      const answer = await post('/embeddings', {model, input, encoding_format: 'float'}, signal)
      const {data, usage} = parseAnswer(embedAnswer, answer, `${base}/embeddings`)
      const inOrder = data.toSorted((one, other) => one.index - other.index)
      if (inOrder.length !== input.length)
        throw new ProviderFailure('malformed', `${inOrder.length} embeddings for ${input.length} texts`)
      return {
        embeddings: inOrder.map(item => item.embedding),
        usage: {inputTokens: usage?.prompt_tokens, outputTokens: 0},
      }
    },
  }
}
