// Clients that still hold the contract of the earlier release get what they know, or an error from which they recover.

import {mapConcurrent} from '../lib/async/mapConcurrent.ts'
import {type Contract, refused, surfaceOf} from '../lib/contract/contract.ts'
import {contractDifferences} from '../lib/contract/contractDifferences.ts'
import {judgeStaleAnswer} from '../lib/contract/stale/judgeStaleAnswer.ts'
import {chooseStaleCalls, type StaleCall} from '../lib/contract/stale/staleCalls.ts'
import type {Surface} from '../lib/contract/surface.ts'
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import {withState} from '../lib/instance/planInstance.ts'
import type {McpClient} from '../lib/mcp/connect.ts'
import type {Era} from '../lib/mcp/protocol.ts'
import {shortDigest} from '../lib/release/release.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import {openServer} from './clientOf.ts'
import {recallPlace, seePlace} from './contractSeen.ts'
import type {Phase, PhaseContext} from './phase.ts'
import {judgeStale} from './staleChecks.ts'
import type {StaleCallSeen, StaleSeen} from './staleSeen.ts'

// A tool that does not differ and takes longer says nothing here, and is not waited for.
const unchangedAtMostMs = 1500
const callsAtOnce = 4

export const stale: Phase<StaleSeen> = {
  name: 'stale',
  title: 'Clients with an outdated contract get valid results or recoverable errors',
  deadlineMs: settings => (settings?.client.timeoutMs ?? 5000) * 20,

  server: {
    observe,
    evidence: () => ({have: 1, need: 1, what: 'looks'}),
    judge: judgeStale,
  },
}

async function observe(context: PhaseContext, server: InstanceServer): Promise<StaleSeen> {
  const {contracts} = context
  const earlier = await contracts.earlier()
  if (earlier.release === undefined) return {state: 'skipped', why: earlier.why}
  const title = `${earlier.which}, ${shortDigest(earlier.release)}`
  const recorded = await contracts.ofEarlier(server.name)
  if (recorded.from === 'fault')
    return {state: 'unseen', why: `the contract on record of ${title} cannot be used: ${recorded.fault}`}
  if (recorded.from === 'none') return {state: 'skipped', why: `nothing is on record of its contract in ${title}`}
  const place = recallPlace(context, server) ?? (await seePlace(context, server, server.endpoint))
  if (place.contract === undefined)
    return {state: 'unseen', why: 'its contract cannot be told now: see contract/observed'}
  const differences = contractDifferences(recorded.contract, place.contract)
  const opened = await openServer(server, server.through, context)
  if (!opened.ok) return {state: 'unseen', why: `could not be opened: ${opened.outcome.summary}`}
  const {client} = opened
  try {
    const old = heldBy(recorded.contract, client.era)
    if (old === undefined) return {state: 'skipped', why: `${title} served no such client`}
    const {calls, unsafe} = chooseStaleCalls({
      old,
      differences,
      declared: declared(await contracts.settingsOfEarlier(server.name), server),
      rehearsal: isRehearsal(context.instance),
    })
    const fromFile = calls.filter(({from}) => from === 'declared')
    const seen = [
      // In the order of the file, which may matter to a server that keeps something.
      ...(await mapConcurrent(fromFile, 1, call => replay(client, call))),
      ...(await mapConcurrent(calls.slice(fromFile.length), callsAtOnce, call => replay(client, call))),
    ]
    return {
      state: 'seen',
      title,
      same: recorded.contract.digest === place.contract.digest,
      breaking: differences.filter(({kind}) => kind === 'breaking').length,
      calls: seen,
      unsafe,
      ttlMs: longestTtlMs(recorded.contract),
    }
  } finally {
    await client.close()
  }
}

// Of the earlier release, with the folder of this copy.
function declared(settings: FleetServer | undefined, {state}: InstanceServer): FleetServer['calls'] {
  return settings === undefined ? [] : withState(settings, state).calls
}

/** With the schemas that the old client holds: what it mirrors into headers, and what it expects in return. */
async function replay(client: McpClient, call: StaleCall): Promise<StaleCallSeen> {
  const {tool, from, differs, inputSchema, outputSchema} = call
  const outcome = await client.callTool(tool, call.arguments, {
    inputSchema,
    outputSchema,
    timeoutMs: differs || from === 'declared' ? undefined : unchangedAtMostMs,
  })
  return {
    tool,
    arguments: call.arguments,
    from,
    ...judgeStaleAnswer(outcome, {differs: differs || from === 'declared'}),
  }
}

/** What a plain client of this era holds; where there is none, what any client of it does. */
function heldBy(contract: Contract, era: Era): Surface | undefined {
  const views = Object.keys(contract.views)
  const order = [`${era}, bare, authorised`, `${era}, bare, anonymous`, ...views]
  for (const view of order) {
    const surface = surfaceOf(contract, view)
    if (surface !== undefined && surface !== refused) return surface
  }
  return undefined
}

function longestTtlMs({surfaces}: Contract): number {
  return Math.max(
    0,
    ...Object.values(surfaces).flatMap(({caching}) => Object.values(caching).map(({ttlMs}) => ttlMs ?? 0)),
  )
}
