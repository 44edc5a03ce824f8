// Climbs the health ladder of one server: TCP, HTTP, open, list, call; and tells how deep it was seen to work.
import {type OpenMcpOptions, openMcp} from './client.ts'
import type {McpClient} from './connect.ts'
import {exchange} from './exchange.ts'
import type {JsonObject} from './jsonRpc.ts'
import type {Outcome, OutcomeKind} from './outcome.ts'
import {isGood} from './outcome.ts'
import {tryTcp} from './tryTcp.ts'

/** The rungs from the shallowest to the deepest. */
const rungNames = ['tcp', 'http', 'open', 'list', 'call'] as const
export type RungName = (typeof rungNames)[number]

/** One rung. `informative` ones do not end the climb: many good servers have no health path. */
export type Rung = {
  name: RungName
  ok: boolean
  informative: boolean
  kind: OutcomeKind | 'ok'
  status?: number
  ms: number
  summary: string
}

/** What is climbed. `probe` is the declared safe tool call; `healthPath` the server's own health URL path, if it has one. */
export type LadderOptions = OpenMcpOptions & {
  healthPath?: string
  probe?: {tool: string; arguments?: JsonObject}
  /** Judges what the probe came to; returns what is wrong with it, empty when nothing is. Default: only a result is good. */
  expect?: (outcome: Outcome) => string[]
}

/** The climb as data. `reached` is the deepest rung that held; `holds` is true only when no gating rung failed. */
export type Climb = {
  holds: boolean
  reached: RungName | 'none'
  /** How deep this climb could go: without a declared probe it ends at `list`, and `holds` proves no more than that. */
  depth: 'list' | 'call'
  rungs: Rung[]
  ms: number
  summary: string
  era?: string
  protocolVersion?: string
  serverInfo?: JsonObject
  tools?: string[]
  /** The path at which the server can be opened, when it redirects to it from the one that was climbed. */
  movedTo?: string
}

/**
 * Climbs until a gating rung fails. `timeoutMs` is the deadline of each request; give a `signal` to bound the whole.
 * Never throws for what the server does; closes the session it opened.
 */
export async function climb(options: LadderOptions): Promise<Climb> {
  const startedAt = performance.now()
  const rungs: Rung[] = []
  const seen: Partial<Climb> = {}
  const add = (rung: Rung) => {
    rungs.push(rung)
    return rung.ok || rung.informative
  }
  const url = new URL(options.url)
  if (add(await tcpRung(url, options))) {
    if (options.healthPath !== undefined) add(await httpRung(new URL(options.healthPath, url), options))
    const opened = await openMcp(options)
    if (!opened.ok) Object.assign(seen, await followed(url, opened.outcome, options))
    if (add(outcomeRung('open', opened.outcome)) && opened.ok) {
      const {era, protocolVersion, serverInfo} = opened.client
      Object.assign(seen, {era, protocolVersion, serverInfo})
      try {
        await climbInside(opened.client, options, add, seen)
      } finally {
        await opened.client.close()
      }
    }
  }
  const ms = Math.round(performance.now() - startedAt)
  return {...verdictOf(rungs, options.probe?.tool, seen.movedTo), rungs, ms, ...seen}
}

// Clients of the server itself may follow a redirect; through the ingress its address leads past it, so it never counts as open.
async function followed(url: URL, {location}: Outcome, options: LadderOptions): Promise<Pick<Climb, 'movedTo'>> {
  if (location === undefined || !URL.canParse(location, url)) return {}
  const target = new URL(location, url)
  if (target.origin !== url.origin || target.pathname === url.pathname) return {}
  const opened = await openMcp({...options, url: target.href})
  if (!opened.ok) return {}
  await opened.client.close()
  return {movedTo: target.pathname}
}

async function climbInside(
  client: McpClient,
  options: LadderOptions,
  add: (rung: Rung) => boolean,
  seen: Partial<Climb>,
) {
  const {outcome, tools} = await client.listTools()
  seen.tools = tools.map(tool => tool.name)
  if (!add(outcomeRung('list', outcome)) || !options.probe) return
  const {tool, arguments: values = {}} = options.probe
  const called = await client.callTool(tool, values)
  const rung = outcomeRung('call', called)
  if (options.expect === undefined) {
    add(rung)
    return
  }
  const faults = options.expect(called)
  // A refusal may be what is wanted, and a deadline stays one.
  const kind = faults.length === 0 ? 'ok' : isGood(called) ? 'bad-result' : called.kind
  const summary = faults.length === 0 ? rung.summary : `tools/call ${tool}: ${faults.join('; ')}`
  add({...rung, ok: faults.length === 0, kind, summary})
}

/** Whether nothing but a deadline ended the climb: then the server may be slow, or the machine. */
export function isLate({rungs}: Pick<Climb, 'rungs'>): boolean {
  return rungs.find(rung => !rung.ok && !rung.informative)?.kind === 'deadline'
}

const transportKinds: readonly string[] = [
  ...['refused', 'reset', 'closed', 'deadline', 'cancelled', 'unreachable', 'not-started', 'failed'],
  // As of one that is not ready yet.
  'http-error',
]

/** Whether what ended the climb was an answer, wrong as it may be: then no machine is to blame for it. */
export function wasAnswered({rungs}: Pick<Climb, 'rungs'>): boolean {
  const ended = rungs.find(rung => !rung.ok && !rung.informative)
  return ended !== undefined && !transportKinds.includes(ended.kind)
}

function verdictOf(
  rungs: Rung[],
  tool?: string,
  movedTo?: string,
): Pick<Climb, 'holds' | 'reached' | 'depth' | 'summary'> {
  const depth = tool === undefined ? 'list' : 'call'
  const reached = rungs.filter(rung => rung.ok).at(-1)?.name ?? 'none'
  const failed = rungs.find(rung => !rung.ok && !rung.informative)
  if (failed)
    return {
      holds: false,
      reached,
      depth,
      summary: `failed at rung ${failed.name} (reached ${reached}): ${failed.summary}${
        movedTo === undefined ? '' : `; it answers at ${movedTo}: set endpoint: ${movedTo} in the fleet file`
      }`,
    }
  const limit = depth === 'list' ? '; no safe tool call is declared, so a real call was not tried' : ` (tool ${tool})`
  return {holds: true, reached, depth, summary: `holds up to rung ${reached}${limit}`}
}

async function tcpRung(url: URL, {timeoutMs, signal}: LadderOptions): Promise<Rung> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const {transport, ms, error} = await tryTcp({host, port, timeoutMs, signal})
  const told = transport === 'ok' ? `connected after ${ms} ms` : `${transport} after ${ms} ms: ${error}`
  return {
    name: 'tcp',
    ok: transport === 'ok',
    informative: false,
    kind: transport,
    ms,
    summary: `${host}:${port} ${told}`,
  }
}

async function httpRung(url: URL, {timeoutMs, signal, headers, agent}: LadderOptions): Promise<Rung> {
  const {transport, status, ms, error} = await exchange({
    url: url.href,
    method: 'GET',
    headers,
    timeoutMs,
    signal,
    agent,
  })
  const ok = transport === 'ok' && status !== undefined && status >= 200 && status < 300
  const told = transport === 'ok' ? `HTTP ${status} after ${ms} ms` : `${transport} after ${ms} ms: ${error}`
  const kind = transport === 'ok' && !ok ? 'http-error' : transport
  return {name: 'http', ok, informative: true, kind, status, ms, summary: `GET ${url.pathname}: ${told}`}
}

function outcomeRung(name: RungName, outcome: Outcome): Rung {
  const {kind, status, ms, summary} = outcome
  return {name, ok: isGood(outcome), informative: false, kind, status, ms, summary}
}
