// Asks the ingress of an instance how it and every server behind it are, within one short deadline.
import {exchange} from '../mcp/exchange.ts'
import type {Instance} from '../target/instance.ts'

/** What the ingress says of one server, after a real request to it. */
export interface ServerAnswer {
  /** `held`: its requests wait while it changes. `silent`: no answer came within the deadline. */
  says: 'ok' | 'failing' | 'held' | 'silent'
  detail: string
}

export interface StackHealth {
  /** Undefined where the ingress did not answer at all; then nothing is known of its servers. */
  answersInMs: number | undefined
  /** Why it did not. */
  fault: string | undefined
  servers: Readonly<Record<string, ServerAnswer>>
}

// A sentence about each request of one server.
const largestAnswer = 65_536

/** Never throws. Each server is asked on its own, so that one that hangs does not hide the others. */
export async function askHealth(
  {ingress, servers}: Instance,
  {withinMs, signal}: {withinMs: number; signal: AbortSignal},
): Promise<StackHealth> {
  const ask = (path: string) =>
    exchange({
      url: `${ingress.url}${path}`,
      method: 'GET',
      timeoutMs: withinMs,
      signal,
      maximumBytes: largestAnswer,
      keptCharacters: largestAnswer,
    })
  const [own, ...answers] = await Promise.all([
    ask('/-/status'),
    ...servers.map(async ({name}) => [name, answerOf(await ask(`/${name}/health`), withinMs)] as const),
  ])
  // Asked from elsewhere than its own machine it refuses, and is there all the same.
  const isThere = own.transport === 'ok'
  return {
    answersInMs: isThere ? Math.round(own.ms) : undefined,
    fault: isThere ? undefined : (own.error ?? own.transport),
    servers: Object.fromEntries(answers),
  }
}

function answerOf(
  {transport, status, text, error}: Awaited<ReturnType<typeof exchange>>,
  withinMs: number,
): ServerAnswer {
  if (transport === 'deadline') return {says: 'silent', detail: `no answer within ${(withinMs / 1000).toFixed(1)} s`}
  if (transport !== 'ok') return {says: 'silent', detail: error ?? transport}
  const {status: word, detail} = parsed(text)
  const sentence = typeof detail === 'string' && detail !== '' ? detail : `HTTP ${status}`
  if (status === 200 && word === 'ok') return {says: 'ok', detail: sentence}
  return {says: word === 'unknown' ? 'held' : 'failing', detail: sentence}
}

function parsed(text: string): {status?: unknown; detail?: unknown} {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? value : {}
  } catch {
    // What is no JSON says nothing of a health; its HTTP status is reported.
    return {}
  }
}
