// What every kind of provider can do.

export type Message = {role: 'system' | 'user' | 'assistant'; content: string}

/** Tokens as the provider counted them; undefined where it did not say. */
export type Usage = {inputTokens: number | undefined; outputTokens: number | undefined}

export type ChatRequest = {
  model: string
  messages: Message[]
  maximumOutputTokens: number
  temperature: number | undefined
}
export type ChatAnswer = {text: string; finishReason: string; usage: Usage}
export type EmbedRequest = {model: string; input: string[]}
export type EmbedAnswer = {embeddings: number[][]; usage: Usage}

export type ProviderClient = {
  /** The names of the models that the provider has now. */
  listModels(timeoutMs: number, signal: AbortSignal): Promise<string[]>
  chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedAnswer>
}
