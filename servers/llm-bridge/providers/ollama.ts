// A provider that speaks Ollama's interface: /api/chat, /api/embed and /api/tags below its URL.
import {z} from 'zod'
import type {ProviderConfig} from '../config/schema.ts'
import type {ProviderClient} from './client.ts'
import {ProviderFailure} from './failure.ts'
import {parseAnswer} from './parseAnswer.ts'
import {requestJson} from './requestJson.ts'

const count = z.int().nonnegative().optional()
const tagsAnswer = z.object({models: z.array(z.object({name: z.string()}))})
const chatAnswer = z.object({
  message: z.object({content: z.string()}),
  done_reason: z.string().optional(),
  prompt_eval_count: count,
  eval_count: count,
})
const embedAnswer = z.object({embeddings: z.array(z.array(z.number()).min(1)), prompt_eval_count: count})

/** Ollama's interface as a ProviderClient. `apiKey` is for an Ollama behind a gateway; Ollama itself wants none. */
export function createOllamaClient(config: ProviderConfig, apiKey: string | undefined): ProviderClient {
  const {apiKeyEnv, timeoutMs} = config
  const base = config.url.replace(/\/+$/, '')
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    requestJson({url: `${base}${path}`, body, apiKey, apiKeyEnv, timeoutMs, signal})

  return {
    async listModels(probeTimeoutMs, signal) {
      const url = `${base}/api/tags`
      const answer = await requestJson({url, apiKey, apiKeyEnv, timeoutMs: probeTimeoutMs, signal})
      const names = parseAnswer(tagsAnswer, answer, url).models.map(model => model.name)
      // Ollama lists `nomic-embed-text:latest` for what everybody calls `nomic-embed-text`.
      return [...names, ...names.flatMap(name => (name.endsWith(':latest') ? [name.slice(0, -':latest'.length)] : []))]
    },

    async chat({model, messages, maximumOutputTokens, temperature}, signal) {
      const options = {num_predict: maximumOutputTokens, ...(temperature === undefined ? {} : {temperature})}
      const answer = await post('/api/chat', {model, messages, stream: false, options}, signal)
      const parsed = parseAnswer(chatAnswer, answer, `${base}/api/chat`)
      return {
        text: parsed.message.content,
        finishReason: parsed.done_reason ?? 'stop',
        usage: {inputTokens: parsed.prompt_eval_count, outputTokens: parsed.eval_count},
      }
    },

    async embed({model, input}, signal) {
      const answer = await post('/api/embed', {model, input}, signal)
      const parsed = parseAnswer(embedAnswer, answer, `${base}/api/embed`)
      if (parsed.embeddings.length !== input.length)
        throw new ProviderFailure('malformed', `${parsed.embeddings.length} embeddings for ${input.length} texts`)
      return {embeddings: parsed.embeddings, usage: {inputTokens: parsed.prompt_eval_count, outputTokens: 0}}
    },
  }
}
