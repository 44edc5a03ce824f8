// An HTTP server that follows Ollama's or OpenAI's interface, and can be told to misbehave.
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'

export type Behaviour =
  | {kind: 'works'; delayMs?: number}
  | {kind: 'status'; status: number; body?: unknown}
  | {kind: 'garbage'}
  | {kind: 'hangs'}
  | {kind: 'redirects'; to: string}

export type Seen = {path: string; authorization: string | undefined; body: Record<string, unknown>}

export type FakeProvider = {
  url: string
  /** What the provider does with work; listing its models goes on working unless `listing` says otherwise. */
  work: Behaviour
  listing: Behaviour
  /** Requests for work, in their order; listings are not kept. */
  seen: Seen[]
  listings: number
  /** Requests whose caller went away before the answer. */
  abandoned: number
  close(): Promise<void>
}

type Cleanup = {after(run: () => Promise<void>): void}

/** Ollama's interface; model names are as /api/tags gives them, `nomic-embed-text:latest` for one without a tag. */
export function startOllama(t: Cleanup, models: string[]): Promise<FakeProvider> {
  const now = '2026-01-01T00:00:00.000Z'
  return startProvider(t, '', {
    '/api/tags': () => ({
      models: models.map(name => ({name, model: name, modified_at: now, size: 1, digest: '00', details: {}})),
    }),
    '/api/chat': body => ({
      model: body.model,
      created_at: now,
      message: {role: 'assistant', content: `ollama ${body.model} heard ${lastContent(body)}`},
      done_reason: 'stop',
      done: true,
      total_duration: 5,
      load_duration: 1,
      prompt_eval_count: 11,
      eval_count: 7,
    }),
    '/api/embed': body => ({
      model: body.model,
      embeddings: inputs(body).map(text => [text.length, 0.25, -0.5]),
      total_duration: 5,
      load_duration: 1,
      prompt_eval_count: 4,
    }),
  })
}

/** OpenAI's interface below `/v1`. Embeddings come in reverse order: their `index` is what counts. */
export function startOpenai(t: Cleanup, models: string[]): Promise<FakeProvider> {
  return startProvider(t, '/v1', {
    '/v1/models': () => ({
      object: 'list',
      data: models.map(id => ({id, object: 'model', created: 1, owned_by: 'test'})),
    }),
    '/v1/chat/completions': body => ({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: body.model,
      choices: [
        {
          index: 0,
          message: {role: 'assistant', content: `openai ${body.model} heard ${lastContent(body)}`, refusal: null},
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200},
    }),
    '/v1/embeddings': body => ({
      object: 'list',
      model: body.model,
      data: inputs(body)
        .map((text, index) => ({object: 'embedding', index, embedding: [text.length, 1]}))
        .reverse(),
      usage: {prompt_tokens: 500, total_tokens: 500},
    }),
  })
}

type Routes = Record<string, (body: Record<string, unknown>) => unknown>

async function startProvider(t: Cleanup, base: string, routes: Routes): Promise<FakeProvider> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the fake provider has no port')
  const provider: FakeProvider = {
    url: `http://127.0.0.1:${address.port}${base}`,
    work: {kind: 'works'},
    listing: {kind: 'works'},
    seen: [],
    listings: 0,
    abandoned: 0,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  t.after(() => provider.close())

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const isListing = request.method === 'GET'
    response.once('close', () => {
      if (!response.writableEnded) provider.abandoned += 1
    })
    const text = Buffer.concat(await request.toArray()).toString()
    const body = text === '' ? {} : JSON.parse(text)
    if (isListing) provider.listings += 1
    else provider.seen.push({path, authorization: request.headers.authorization, body})
    const behaviour = isListing ? provider.listing : provider.work
    const make = routes[path]
    if (make === undefined) return send(response, 404, {error: `no such path ${path}`})
    if (behaviour.kind === 'hangs') return
    if (behaviour.kind === 'garbage') return void response.end('<html>not JSON')
    if (behaviour.kind === 'redirects') return void response.writeHead(307, {location: behaviour.to}).end()
    if (behaviour.kind === 'status') return send(response, behaviour.status, behaviour.body ?? {error: 'as told'})
    if (behaviour.delayMs !== undefined) await new Promise(resolve => setTimeout(resolve, behaviour.delayMs))
    send(response, 200, make(body))
  }

  return provider
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}

function lastContent(body: Record<string, unknown>): string {
  const messages = body.messages
  return Array.isArray(messages) ? String(messages.at(-1)?.content) : 'nothing'
}

function inputs(body: Record<string, unknown>): string[] {
  return Array.isArray(body.input) ? body.input.map(String) : []
}
