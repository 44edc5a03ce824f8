// One client of the official SDK that calls all the time, so that what real users run is witnessed too.
import type {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import {withDeadline} from '../async/withDeadline.ts'
import {isJsonObject, type JsonObject} from '../mcp/jsonRpc.ts'
import {clientInfo} from '../mcp/protocol.ts'
import {clip} from '../mcp/quote.ts'
import {drive} from './drive.ts'
import type {Ended} from './endOf.ts'
import type {Fate} from './legacySession.ts'
import {absentPopulation, gaveUp, type Population, type Surroundings} from './population.ts'
import {sessionsSeen} from './sessionsSeen.ts'
import {makeTally} from './tally.ts'
import type {WitnessTarget} from './target.ts'

const farewellMs = 2000

/**
 * Calls `perSecond` times. The SDK opens streams again and resumes calls by itself, but does not begin a new session
 * after 404: that is for the application, which does it here, once for each end, and sends the call again.
 */
export async function officialSdk(surroundings: Surroundings, {perSecond}: {perSecond: number}): Promise<Population> {
  const {target, moments, samples, signal} = surroundings
  const fate: Fate = {state: 'never-opened', ended: 0, notRenewed: 0, sessionless: false}
  let open: Opened
  try {
    open = await connect(target)
  } catch (error) {
    return absentPopulation('unopened', `the official client could not open it: ${textOf(error)}`)
  }
  const version = open.client.getNegotiatedProtocolVersion()
  fate.state = 'same'
  fate.sessionless = open.transport.sessionId === undefined
  const tally = makeTally(moments, samples)

  const attempt = async (): Promise<Ended> => {
    try {
      return endOfResult(await ask(open.client, target), target)
    } catch (error) {
      if (statusOf(error) !== 404 || open.transport.sessionId === undefined) return endOfError(error)
    }
    fate.ended += 1
    try {
      // The session is gone, so there is nothing to end on the server.
      await open.client.close().catch(() => {})
      open = await connect(target)
      fate.state = 'renewed'
      return endOfResult(await ask(open.client, target), target)
    } catch (error) {
      fate.notRenewed += 1
      return endOfError(error)
    }
  }
  const caller = async () => {
    const startedAt = performance.now()
    tally.sent()
    tally.ended(gaveUp(surroundings, await attempt()), performance.now() - startedAt)
  }
  signal.addEventListener('abort', () => void open.client.close().catch(() => {}), {once: true})
  const driven = drive({perSecond, callers: [caller], onHeldBack: tally.heldBack, signal})
  return {
    async finish() {
      tally.close()
      await driven.stop()
    },
    close: () => farewell(open),
    seen: () => ({
      state: 'seen',
      note: `speaks ${version}`,
      calls: tally.seen(),
      sessions: fate.sessionless ? undefined : sessionsSeen([fate]),
    }),
  }
}

type Opened = {client: Client; transport: StreamableHTTPClientTransport}

async function connect({url, headers, timeoutMs}: WitnessTarget): Promise<Opened> {
  // Loaded when it is needed: most programs that know of the witness start none.
  const sdk = await import('@modelcontextprotocol/client')
  const transport = new sdk.StreamableHTTPClientTransport(new URL(url), {requestInit: {headers}})
  const client = new sdk.Client(clientInfo, {versionNegotiation: {mode: 'auto'}})
  const bounded = {timeout: timeoutMs}
  try {
    await withDeadline(() => client.connect(transport, bounded), timeoutMs, 'the official client to open')
    // It must know the tools: their marked arguments go into headers (SEP-2243).
    await withDeadline(() => client.listTools(undefined, bounded), timeoutMs, 'the official client to list tools')
  } catch (error) {
    await farewell({client, transport})
    throw error
  }
  return {client, transport}
}

function ask(client: Client, {probe, timeoutMs}: WitnessTarget): Promise<unknown> {
  const bounded = {timeout: timeoutMs}
  return withDeadline<unknown>(
    () =>
      probe === undefined
        ? client.listTools(undefined, bounded)
        : client.callTool({name: probe.tool, arguments: probe.arguments ?? {}}, bounded),
    // The SDK has a deadline of its own; ours is for the case that it does not keep it.
    timeoutMs + 1000,
    'an answer to a call of the official client',
  )
}

function endOfResult(result: unknown, {probe}: WitnessTarget): Ended {
  const found = isJsonObject(result) ? result : ({} as JsonObject)
  if (found.isError === true) return {end: 'failedLoudly', kind: 'tool-error', summary: 'the tool reports an error'}
  const faults = probe?.expect?.(found) ?? []
  if (faults.length > 0) return {end: 'answeredWrongly', kind: 'unexpected', summary: clip(faults.join('; '), 300)}
  return {end: 'completed', kind: 'result', summary: ''}
}

function endOfError(error: unknown): Ended {
  const status = statusOf(error)
  const kind = status === undefined ? String((error as {code?: unknown}).code ?? 'failed') : `http-${status}`
  return {end: 'failedLoudly', kind, summary: `the official client: ${textOf(error)}`}
}

function statusOf(error: unknown): number | undefined {
  const {status, data} = (error ?? {}) as {status?: unknown; data?: {status?: unknown}}
  const found = status ?? data?.status
  return typeof found === 'number' ? found : undefined
}

function textOf(error: unknown): string {
  return clip(error instanceof Error ? error.message : String(error), 300)
}

/** Ends the session and the client; a courtesy, so it fails quietly. */
async function farewell({client, transport}: Opened): Promise<void> {
  const quietly = (work: () => Promise<void>) => withDeadline(work, farewellMs, 'a farewell').catch(() => {})
  if (transport.sessionId !== undefined) await quietly(() => transport.terminateSession())
  await quietly(() => client.close())
}
