// Calls whose effects are counted, so that a call that was executed twice, or not at all, is found.
import {randomBytes} from 'node:crypto'
import {select} from '../expect/jsonPath.ts'
import {openMcp} from '../mcp/client.ts'
import type {McpClient} from '../mcp/connect.ts'
import type {JsonObject} from '../mcp/jsonRpc.ts'
import type {Outcome} from '../mcp/outcome.ts'
import {askFor} from './ask.ts'
import {type CountedCall, countEffects, idOf, idsIn} from './countEffects.ts'
import {drive} from './drive.ts'
import {endOf} from './endOf.ts'
import {fillIds} from './fillIds.ts'
import {legacySession} from './legacySession.ts'
import {absentPopulation, gaveUp, type Population, type Surroundings} from './population.ts'
import type {EffectsSeen} from './seen.ts'
import {sessionsSeen} from './sessionsSeen.ts'
import {makeTally} from './tally.ts'
import type {Counter} from './target.ts'

// Effects stay on the server until the end, and each is remembered here.
const mostEffects = 2000
const cleanedAtOnce = 500

/** Calls the counting tool `perSecond` times, one call after another, in turn in each era that the server speaks. */
export async function effects(surroundings: Surroundings, {perSecond}: {perSecond: number}): Promise<Population> {
  const {target, moments, agent, tools, samples, signal} = surroundings
  const {counter} = target
  if (counter === undefined) return absentPopulation('skipped', 'no counting tool is declared for this server')
  const prefix = `witness-${randomBytes(4).toString('hex')}-`
  const session = legacySession({...target, agent})
  const ways: ((values: JsonObject) => Promise<{outcome: Outcome; ms: number}>)[] = []
  if (tools.legacy !== undefined && (await session.open()).kind === 'result') {
    ways.push(values => session.ask(askFor({tool: counter.tool, arguments: values}, [])))
  }
  const modern = tools.modern && (await openMcp({...target, agent, era: 'modern'}))
  if (modern?.ok) {
    ways.push(async values => {
      const {method, params, inputSchema} = askFor({tool: counter.tool, arguments: values}, tools.modern ?? [])
      const outcome = await modern.client.request(method, params, {inputSchema})
      return {outcome, ms: outcome.ms}
    })
  }
  if (ways.length === 0) return absentPopulation('unopened', 'no client for counted calls could be opened')

  const tally = makeTally(moments, samples)
  const calls: CountedCall[] = []
  // One at a time: a server that loses one of two writes at the same moment (server-memory does) is not the change's fault.
  const caller = async () => {
    const way = ways[calls.length % ways.length]
    if (way === undefined || calls.length >= mostEffects) return
    const call: CountedCall = {completed: false, repeated: false}
    const id = idOf(prefix, calls.push(call) - 1)
    tally.sent()
    const {outcome, ms} = await way(fillIds(counter.arguments, {id}))
    call.completed = outcome.kind === 'result'
    call.repeated = call.completed && counter.first !== undefined && !mentions(outcome.result, counter.first, id)
    tally.ended(gaveUp(surroundings, endOf(outcome)), ms)
  }
  const driven = drive({perSecond, callers: [caller], onHeldBack: tally.heldBack, signal})
  let seen: EffectsSeen = {...countEffects([], prefix, new Map()), unread: 'the witness was not stopped'}
  return {
    async finish() {
      tally.close()
      await driven.stop()
      seen = await readEffects(surroundings, counter, prefix, calls)
    },
    close: () => session.close(),
    seen: () => ({
      state: 'seen',
      note: calls.length >= mostEffects ? `no more than ${mostEffects} effects are made` : undefined,
      calls: tally.seen(),
      sessions: tools.legacy === undefined ? undefined : sessionsSeen([session.fate()]),
      effects: {...seen, sent: calls.length},
    }),
  }
}

// With a client of its own: it must see what the server holds now, whatever became of the callers.
async function readEffects(
  {target}: Surroundings,
  counter: Counter,
  prefix: string,
  calls: readonly CountedCall[],
): Promise<EffectsSeen> {
  const opened = await openMcp(target)
  if (!opened.ok) return {...countEffects([], prefix, new Map()), unread: opened.outcome.summary}
  const {client} = opened
  try {
    await client.listTools()
    const read = await client.callTool(counter.read.tool, counter.read.arguments ?? {})
    if (read.kind !== 'result') return {...countEffects([], prefix, new Map()), unread: read.summary}
    const texts = select(counter.read.ids, read.result).map(asText)
    const times = idsIn(texts, prefix)
    return {...countEffects(calls, prefix, times), uncleaned: await clean(client, counter, [...times.keys()])}
  } finally {
    await client.close()
  }
}

/** What could not be removed, in words; nothing when all is gone or nothing is declared. */
async function clean(client: McpClient, {clean}: Counter, ids: readonly string[]): Promise<string | undefined> {
  if (clean === undefined) return undefined
  for (let from = 0; from < ids.length; from += cleanedAtOnce) {
    const some = ids.slice(from, from + cleanedAtOnce)
    const outcome = await client.callTool(clean.tool, fillIds(clean.arguments, {ids: some}))
    if (outcome.kind !== 'result') return outcome.summary
  }
  return undefined
}

function mentions(result: unknown, path: string, id: string): boolean {
  return select(path, result).some(value => asText(value).includes(id))
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
