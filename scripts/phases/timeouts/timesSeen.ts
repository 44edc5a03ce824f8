// What the phase `timeouts` measures of one server, and what the journal knows already.
import {availableParallelism, loadavg} from 'node:os'
import type {Entry} from '../../lib/journal/entry.ts'
import {entriesOf, fact} from '../../lib/journal/facts.ts'
import type {McpClient} from '../../lib/mcp/connect.ts'
import {type InstanceServer, isRehearsal} from '../../lib/target/instance.ts'
import {openServer} from '../clientOf.ts'
import type {MachineLoad} from '../machine/watchMachine.ts'
import type {PhaseContext} from '../phase.ts'
import {clientTable, type Patience} from './clientTable.ts'
import {waitedForProcessor} from './waitedForProcessor.ts'

export interface TimesSeen {
  patience: Patience[]
  /** From the command that starts it to its first good climb of the ladder; undefined when this run started none. */
  coldStartMs: number | undefined
  /** The load of this machine while this run started its servers; undefined where nobody watched. */
  startLoad?: MachineLoad | undefined
  /** The most of that start in which it only waited for a processor; looked up where somebody would have given up. */
  waitedMs?: number
  /** Average of the last minute, and what there is to carry it. */
  load: {average: number; processors: number}
  /** Whole times in which a client opened the server through the ingress; with a sentence where one failed. */
  handshakesMs: number[]
  unopened?: string
  /** The probe, called again and again; undefined when none is declared. */
  probe: {tool: string; callsMs: number[]; ended?: string} | undefined
  /** Declared calls of this run. */
  declared: {title: string; ms: number}[]
}

const handshakes = 5
// A rehearsal stack may be asked often enough to speak of one call in a hundred; live belongs to its users.
const callsOnRehearsal = 300
const callsOnLive = 60
const quickMs = 1000
// Slow tools get longer, so that something can be said of them.
const slowMs = 8000
export const fewestCalls = 5

export async function timesOf(context: PhaseContext, server: InstanceServer): Promise<TimesSeen> {
  const entries = context.entries()
  const patience = clientTable().map(({name, startMs, requestMs}) => ({name, startMs, requestMs}))
  const coldStartMs = coldStart(entries, server.name)
  const seen = {
    patience,
    coldStartMs,
    waitedMs: patience.some(({startMs = Number.POSITIVE_INFINITY}) => (coldStartMs ?? 0) > startMs)
      ? await waitedOf(context, server)
      : undefined,
    startLoad: fact<MachineLoad>(entries, 'machine.deploy'),
    load: {average: loadavg()[0] ?? 0, processors: availableParallelism()},
    declared: declaredCalls(entries, server.name),
    probe: undefined,
  }
  const handshakesMs: number[] = []
  for (let done = 0; done < handshakes; done++) {
    const beganAt = performance.now()
    const opened = await openServer(server, server.through, context)
    handshakesMs.push(tenths(performance.now() - beganAt))
    if (!opened.ok) return {...seen, handshakesMs, unopened: opened.outcome.summary}
    try {
      if (done === handshakes - 1) return {...seen, handshakesMs, probe: await sampled(opened.client, context, server)}
    } finally {
      await opened.client.close()
    }
  }
  return {...seen, handshakesMs}
}

// A program that was restarted since then has other waits than the start that was measured.
async function waitedOf(context: PhaseContext, {name}: InstanceServer): Promise<number | undefined> {
  const program = (await context.inspect()).find(one => one.name === name)
  return program === undefined || program.restarts > 0 ? undefined : waitedForProcessor(program.identity)
}

/** The newest start that ended well: the times of two entries, so that nothing else is in between. */
export function coldStart(entries: readonly Entry[], server: string): number | undefined {
  const ready = entries.findLastIndex(
    entry =>
      entry.type === 'check' && entry.check === 'deploy/ready' && entry.server === server && entry.verdict === 'pass',
  )
  const started = entries
    .slice(0, Math.max(0, ready))
    .findLast(entry => entry.type === 'command' && entry.state === 'started' && entry.why === `start ${server}`)
  const until = entries[ready]?.at
  return started === undefined || until === undefined ? undefined : Date.parse(until) - Date.parse(started.at)
}

async function sampled(
  client: McpClient,
  context: PhaseContext,
  {settings}: InstanceServer,
): Promise<TimesSeen['probe']> {
  const {probe} = settings
  if (probe === undefined) return undefined
  // Its schemas decide which headers a modern call must carry.
  await client.listTools()
  const atMost = isRehearsal(context.instance) ? callsOnRehearsal : callsOnLive
  const beganAt = performance.now()
  const callsMs: number[] = []
  while (callsMs.length < atMost) {
    const passedMs = performance.now() - beganAt
    if (passedMs > (callsMs.length < fewestCalls ? slowMs : quickMs)) break
    const outcome = await client.callTool(probe.tool, probe.arguments)
    // A limiter or a fault: asking on would only make it worse.
    if (outcome.kind !== 'result' && outcome.kind !== 'tool-error' && outcome.kind !== probe.expect.outcome)
      return {tool: probe.tool, callsMs, ended: outcome.summary}
    callsMs.push(outcome.ms)
  }
  return {tool: probe.tool, callsMs}
}

function declaredCalls(entries: readonly Entry[], server: string): TimesSeen['declared'] {
  const seen = entriesOf(entries, 'fact').findLast(({name}) => name === `observed.calls.${server}`)?.value
  const calls = (seen as {calls?: {title: string; outcome?: {ms: number}}[]} | undefined)?.calls ?? []
  return calls.flatMap(({title, outcome}) => (outcome === undefined ? [] : [{title, ms: outcome.ms}]))
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
