// Asks one health URL and keeps what is needed to judge it: status, JSON or not, and the kinds of its keys.
import {exchange} from '../lib/mcp/exchange.ts'

export interface HealthAnswer {
  url: string
  /** `ok`, or what went wrong below HTTP. */
  transport: string
  status: number | undefined
  ms: number
  json: boolean
  /** The value of the key `status`, when there is one. */
  says: string | undefined
  /** Nothing came in time, or the ingress itself waited in vain for whatever it says is failing. */
  late?: boolean
  /** `key:type` of every key, sorted: the form of the answer. */
  form: string[]
  text: string
}

// A fleet of hundreds of servers tells a line about each.
const largestAnswer = 1_048_576

/** Never throws for what the server does. `deadlineMs` bounds the whole exchange. */
export async function healthAnswer(
  url: string,
  signal: AbortSignal,
  deadlineMs: number,
  headers: Record<string, string> = {},
): Promise<HealthAnswer> {
  const {transport, status, ms, text, error} = await exchange({
    url,
    method: 'GET',
    headers,
    timeoutMs: deadlineMs,
    signal,
    maximumBytes: largestAnswer,
    keptCharacters: largestAnswer,
  })
  const body = parsed(text)
  const says = body?.status
  return {
    url,
    transport,
    status,
    ms: Math.round(ms),
    json: body !== undefined,
    says: typeof says === 'string' ? says : undefined,
    late: transport === 'deadline' || isLateInside(body),
    form: Object.entries(body ?? {})
      .map(([key, value]) => `${key}:${kind(value)}`)
      .sort(),
    text: (transport === 'ok' ? text : (error ?? '')).slice(0, 1000),
  }
}

// The ingress climbs the ladder itself against a deadline, and says where it ended: of one server, or of each.
function isLateInside(body: Record<string, unknown> | undefined): boolean {
  const servers = Object.values((body?.servers ?? {}) as Record<string, unknown>)
  const bad = [body, ...servers].flatMap(one => {
    const {status, detail} = (one ?? {}) as {status?: unknown; detail?: unknown}
    return status === 'failing' && typeof detail === 'string' ? [detail] : []
  })
  return bad.length > 0 && bad.every(detail => /: (deadline|cancelled)|deadline passed/.test(detail))
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // The answer of whatever listens there: what is no JSON is no health.
    return undefined
  }
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
