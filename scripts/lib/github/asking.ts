// Asks GitHub by Octokit: its plugins retry and keep to rate limits, our deadline ends them, and faults become one sentence.
import type {Octokit} from '@octokit/rest'
import type {GitHubPlace} from '../fleet/place.ts'
import {NotHeard} from '../notify/told.ts'

/** `what` is for messages. Throws a `NotHeard`. */
export type Asking = <Answer>(what: string, act: (octokit: Octokit) => Promise<Answer>) => Promise<Answer>

export interface Limits {
  deadlineMs: number
  requestMs: number
  signal?: AbortSignal
}

/** Once GitHub did not answer, or refused the token, it is not asked again: every further question would only wait as well. */
export async function asking(place: GitHubPlace, limits: Limits, userAgent: string): Promise<Asking> {
  const endsAt = performance.now() + limits.deadlineMs
  const octokit = await openOctokit(place, {userAgent, leftMs: () => endsAt - performance.now(), ...limits})
  let silent: string | undefined
  return async (what, act) => {
    if (silent !== undefined) throw new NotHeard(`${what}: ${silent}`, false)
    try {
      const late = `no answer within ${limits.deadlineMs} ms for all that was to be told`
      return await before(endsAt - performance.now(), late, limits.signal, () => act(octokit))
    } catch (thrown) {
      const {message, inDoubt, endsAll} = faultOf(thrown, limits)
      if (endsAll) silent = `not asked, since GitHub did not answer before: ${message}`
      throw new NotHeard(`${what}: ${message}`, inDoubt)
    }
  }
}

interface Opening extends Limits {
  userAgent: string
  leftMs: () => number
}

const noLog = {debug: quiet, info: quiet, warn: quiet, error: quiet}
function quiet(): void {}

async function openOctokit(
  {token, apiUrl}: GitHubPlace,
  {userAgent, leftMs, requestMs, signal}: Opening,
): Promise<Octokit> {
  const [{Octokit: Plain}, {retry}, {throttling}] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ])
  // A wait that would end after the deadline is not begun: it would only keep the process.
  const isWorthIt = (retryAfterSeconds: number, _: object, __: object, tried: number) =>
    tried < 2 && retryAfterSeconds * 1000 < leftMs()
  return new (Plain.plugin(retry, throttling))({
    auth: token,
    baseUrl: apiUrl,
    userAgent,
    log: noLog,
    retry: {retries: 2},
    throttle: {id: apiUrl, onRateLimit: isWorthIt, onSecondaryRateLimit: isWorthIt},
    request: {fetch: hurriedFetch(requestMs, signal)},
  })
}

// Aborted without a reason, which Octokit's retries would take for a fault of the network.
function hurriedFetch(requestMs: number, signal: AbortSignal | undefined): typeof fetch {
  return async (input, init) => {
    const controller = new AbortController()
    const abort = () => controller.abort()
    const timer = setTimeout(abort, requestMs)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      const response = await fetch(input, {...init, signal: controller.signal})
      // The body counts too: an answer that never ends is none.
      const body = await response.text()
      const bare = [204, 205, 304].includes(response.status)
      return new Response(bare ? null : body, {status: response.status, headers: response.headers})
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

interface Fault {
  message: string
  inDoubt: boolean
  endsAll: boolean
}

function faultOf(thrown: unknown, {requestMs}: Limits): Fault {
  if (thrown instanceof NotHeard) return {message: thrown.message, inDoubt: thrown.inDoubt, endsAll: thrown.inDoubt}
  const {name, status, response, message} = thrown as Error & {status?: number; response?: object}
  if (name === 'AbortError') return {message: `no answer within ${requestMs} ms`, inDoubt: true, endsAll: true}
  if (response !== undefined)
    return {message: `${status} ${firstLine(message)}`, inDoubt: false, endsAll: status === 401}
  return {message: `no answer: ${firstLine(message)}`, inDoubt: true, endsAll: status === 500}
}

// What follows is the address of a page of the documentation.
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ - https?:\S+$/, '').slice(0, 300)
}

async function before<Answer>(
  leftMs: number,
  late: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const {promise: end, reject} = Promise.withResolvers<never>()
  const cancel = () => reject(new NotHeard('cancelled', true))
  const timer = setTimeout(() => reject(new NotHeard(late, true)), Math.max(0, leftMs))
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted) cancel()
  try {
    return await Promise.race([end, work()])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}
