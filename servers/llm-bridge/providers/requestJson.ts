// One HTTP request to a provider, with a deadline and a limit of size, answered by JSON or by a ProviderFailure.
import {ProviderFailure} from './failure.ts'

export type JsonRequest = {
  url: string
  /** A POST with this body, or a GET without one. */
  body?: unknown
  apiKey: string | undefined
  /** The name of the variable that the key came from, for the message when it is refused. */
  apiKeyEnv: string | undefined
  timeoutMs: number
  /** Aborted when the caller no longer wants the answer: then the abort's own reason is thrown. */
  signal: AbortSignal
}

const maximumBytes = 32 * 1024 * 1024
const shownCharacters = 300

/** The parsed body of a 2xx answer. Throws ProviderFailure, or `signal.reason` when the caller gave up. */
export async function requestJson(request: JsonRequest): Promise<unknown> {
  const {url, signal, timeoutMs} = request
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: request.body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : {'content-type': 'application/json'}),
        ...(request.apiKey === undefined ? {} : {authorization: `Bearer ${request.apiKey}`}),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      // A redirect could carry the request, and what it costs, to a host that nobody configured.
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline]),
    })
    const text = await readLimited(response, url)
    if (!response.ok) throw failureOfStatus(response.status, text, request)
    return parse(text, url)
  } catch (error) {
    if (error instanceof ProviderFailure) throw error
    if (signal.aborted) throw signal.reason
    if (deadline.aborted)
      throw new ProviderFailure('timeout', `no complete answer from ${url} within ${timeoutMs} ms`, {cause: error})
    throw new ProviderFailure('unreachable', `cannot reach ${url}: ${causeText(error)}`, {cause: error})
  }
}

function failureOfStatus(status: number, body: string, {url, apiKeyEnv}: JsonRequest): ProviderFailure {
  // The body of a refused key is not repeated: providers quote parts of the key in it.
  if (status === 401 || status === 403) {
    const remedy = apiKeyEnv === undefined ? 'it wants a key: name its variable in apiKeyEnv' : `check ${apiKeyEnv}`
    return new ProviderFailure('unauthorised', `${url} answered HTTP ${status}; ${remedy}`)
  }
  const detail = `${url} answered HTTP ${status}: ${errorText(body)}`
  if (status === 429) return new ProviderFailure('rate_limited', detail)
  if (status >= 500) return new ProviderFailure('server_error', detail)
  if (status < 400)
    return new ProviderFailure('redirected', `${url} answered HTTP ${status}; redirects are not followed`)
  return new ProviderFailure('refused', detail)
}

/** Ollama says `{"error": "…"}`, OpenAI `{"error": {"message": "…"}}`. */
function errorText(body: string): string {
  let text = body
  try {
    const {error} = JSON.parse(body)
    if (typeof error === 'string') text = error
    else if (typeof error?.message === 'string') text = error.message
  } catch {
    // Not JSON: the text itself is the best there is.
  }
  const line = text.replace(/\s+/g, ' ').trim()
  return line === '' ? '(no text)' : line.slice(0, shownCharacters)
}

async function readLimited(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maximumBytes)
      throw new ProviderFailure('too_large', `${url} answered with more than ${maximumBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ProviderFailure('malformed', `${url} answered with something that is not JSON`, {cause: error})
  }
}

function causeText(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AggregateError) return causeText(cause.errors[0])
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
