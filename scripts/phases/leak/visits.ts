// Visits to a server: a session that is ended or abandoned, or, where there are none, a request that is read or hung up on.
import {Agent, request} from 'node:http'
import {mapConcurrent} from '../../lib/async/mapConcurrent.ts'
import {openMcp} from '../../lib/mcp/client.ts'
import {modernHeaders, modernParams} from '../../lib/mcp/modernRequest.ts'
import {isGood} from '../../lib/mcp/outcome.ts'
import type {InstanceServer} from '../../lib/target/instance.ts'
import {boundsOf} from '../clientOf.ts'
import type {PhaseContext} from '../phase.ts'
import type {LeakSeen} from './leakSeen.ts'

type Context = Pick<PhaseContext, 'secrets' | 'signal'>
type Kind = LeakSeen['visit']

const atOnce = 8

/** What a visit to this server is; undefined when it cannot be opened at all, with the reason. */
export async function kindOfVisit(server: InstanceServer, context: Context): Promise<{kind?: Kind; summary: string}> {
  const bounds = {...boundsOf(server, context), url: server.endpoint}
  const opened = await openMcp({...bounds, era: 'legacy'})
  if (opened.ok) {
    await opened.client.close()
    return {kind: opened.client.sessionId === undefined ? 'request' : 'session', summary: opened.outcome.summary}
  }
  const modern = await openMcp({...bounds, era: 'modern'})
  if (modern.ok) await modern.client.close()
  return modern.ok ? {kind: 'request', summary: modern.outcome.summary} : {summary: opened.outcome.summary}
}

/** Visits `count` times, eight at a time; returns how many did not come off. */
export async function visit(
  server: InstanceServer,
  {kind, count, abandoned}: {kind: Kind; count: number; abandoned: boolean},
  context: Context,
): Promise<number> {
  // Connections of those who vanish are closed with them.
  const agent = new Agent({keepAlive: true})
  const once = kind === 'session' ? session : abandoned ? hangUp : ask
  try {
    const good = await mapConcurrent(Array.from({length: count}), atOnce, () =>
      once(server, {agent, abandoned, ...context}),
    )
    return good.filter(came => !came).length
  } finally {
    agent.destroy()
  }
}

interface Visit extends Context {
  agent: Agent
  abandoned: boolean
}

async function session(server: InstanceServer, {agent, abandoned, ...context}: Visit): Promise<boolean> {
  const opened = await openMcp({...boundsOf(server, context), url: server.endpoint, era: 'legacy', agent})
  if (!opened.ok) return false
  const {outcome} = await opened.client.listTools()
  if (!abandoned) await opened.client.close()
  return isGood(outcome)
}

async function ask(server: InstanceServer, {agent, ...context}: Visit): Promise<boolean> {
  const opened = await openMcp({...boundsOf(server, context), url: server.endpoint, agent})
  if (!opened.ok) return false
  const {outcome} = await opened.client.listTools()
  await opened.client.close()
  return isGood(outcome)
}

// The request arrives in whole, but nobody waits for its answer. The 2026 era is asked where it is spoken: a server of the
// 2025 era refuses that, and is hung up on all the same.
function hangUp(server: InstanceServer, context: Visit): Promise<boolean> {
  const method = 'tools/list'
  const params = modernParams({}, {})
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...boundsOf(server, context).headers,
    ...modernHeaders(method, params),
  }
  return new Promise(resolve => {
    const outgoing = request(server.endpoint, {method: 'POST', headers, agent: false, signal: context.signal})
    outgoing.on('error', () => resolve(false))
    outgoing.on('finish', () => {
      outgoing.destroy()
      resolve(true)
    })
    outgoing.end(JSON.stringify({jsonrpc: '2.0', id: 1, method, params}))
  })
}
