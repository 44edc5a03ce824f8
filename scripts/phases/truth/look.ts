// Looks at a copy as a monitor would: climbs the ladder until a rung fails or enough was seen, and waits for it to hold again.
import {setTimeout as pause} from 'node:timers/promises'
import type {ServerCopy} from '../../lib/cutover/startCopy.ts'
import {judgeExpectation} from '../../lib/expect/judgeExpectation.ts'
import type {Call} from '../../lib/fleet/schema.ts'
import type {JsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {Climb} from '../../lib/mcp/ladder.ts'
import {openServer} from '../clientOf.ts'
import {climbServer} from '../climbServer.ts'
import type {PhaseContext} from '../phase.ts'
import type {FaultSeen} from './faultSeen.ts'

export type Context = Pick<PhaseContext, 'secrets' | 'signal'>

/** A fault need not show in the very first climb; after so many it is taken for unseen. */
const climbsToNotice = 3
const pauseMs = 200
const callsTried = 5

/** One climb with the health path as the fleet file configures it; `timeoutMs` bounds each request. */
export function look(copy: ServerCopy, context: Context, timeoutMs?: number): Promise<Climb> {
  return climbServer(copy, copy.endpoint, context, copy.settings.health, timeoutMs)
}

/** Climbs until a rung fails: a gating one, or the health path. */
export async function notice(
  copy: ServerCopy,
  {since, timeoutMs}: {since: number; timeoutMs: number},
  context: Context,
): Promise<Pick<FaultSeen, 'rungs' | 'noticedAfterMs'>> {
  for (let climbs = 1; ; climbs += 1) {
    const seen = await look(copy, context, timeoutMs)
    const rungs = seen.rungs.map(({name, ok, ms, summary}) => ({name, ok, ms: Math.round(ms), summary}))
    if (!seen.holds) return {rungs, noticedAfterMs: Math.round(performance.now() - since)}
    if (climbs >= climbsToNotice) return {rungs}
    await pause(pauseMs, undefined, {signal: context.signal})
  }
}

/** Milliseconds since `since` when the ladder held again; undefined when it did not within `withinMs`. */
export async function heldAgain(
  copy: ServerCopy,
  {since, withinMs, timeoutMs}: {since: number; withinMs: number; timeoutMs: number},
  context: Context,
): Promise<number | undefined> {
  while (performance.now() - since < withinMs) {
    if ((await look(copy, context, timeoutMs)).holds) return Math.round(performance.now() - since)
    await pause(pauseMs, undefined, {signal: context.signal})
  }
  return undefined
}

/** Titles of the declared calls that do not answer as expected; those that need an earlier one's answer are left out. */
export async function failingCalls(copy: ServerCopy, context: Context): Promise<string[]> {
  const calls = copy.settings.calls.filter(needsNothing)
  // Those that write say most.
  const tried = calls
    .toSorted((a, b) => Number(b.on === 'rehearsal') - Number(a.on === 'rehearsal'))
    .slice(0, callsTried)
  if (tried.length === 0) return []
  const opened = await openServer(copy, copy.endpoint, context)
  if (!opened.ok) return tried.map(titleOf)
  try {
    await opened.client.listTools()
    const failing: string[] = []
    for (const call of tried) {
      const outcome = await opened.client.callTool(call.tool, call.arguments as JsonObject)
      if (judgeExpectation(outcome, call.expect).length > 0) failing.push(titleOf(call))
    }
    return failing
  } finally {
    await opened.client.close()
  }
}

function needsNothing({arguments: values}: Call): boolean {
  return !JSON.stringify(values).includes('{kept.')
}

function titleOf({name, tool}: Call): string {
  return name ?? tool
}
