// Collects what a server says to a stranger: its descriptions, a safe call, a refused call, its health and its metrics.

import {entriesOf} from '../../lib/journal/facts.ts'
import type {ToolDefinition} from '../../lib/mcp/listTools.ts'
import type {InstanceServer} from '../../lib/target/instance.ts'
import {boundsOf, headersOf, openServer} from '../clientOf.ts'
import type {PhaseContext} from '../phase.ts'

export interface ServerAnswers {
  /** Why there are none. */
  unopened?: string
  /** Each with what was asked. */
  texts: {of: string; text: string}[]
  instructions: string
  tools: ToolDefinition[]
  /** Secrets that the answers to declared calls held, as the journal wrote them down. */
  marked: {of: string; secret: string}[]
}

// No server has a tool of that name; what it says of it often comes from deeper down.
const noSuchTool = 'seaworthy-no-such-tool'

export async function serverAnswers(context: PhaseContext, server: InstanceServer): Promise<ServerAnswers> {
  const marked = markedAnswers(context, server.name)
  const paths = [server.settings.health, server.settings.metrics].filter(path => path !== undefined)
  const pages = Promise.all(paths.map(path => page(server, path, context)))
  const opened = await openServer(server, server.through, context)
  if (!opened.ok) return {unopened: opened.outcome.summary, texts: await pages, instructions: '', tools: [], marked}
  const {client} = opened
  try {
    const {outcome, tools} = await client.listTools()
    const {probe} = server.settings
    const called = probe === undefined ? undefined : await client.callTool(probe.tool, probe.arguments)
    const refused = await client.callTool(noSuchTool, {})
    const instructions = client.instructions ?? ''
    const texts = [
      {of: 'its opening', text: JSON.stringify([opened.asked, client.serverInfo, instructions])},
      {of: 'tools/list', text: JSON.stringify([outcome, tools])},
      ...(called === undefined ? [] : [{of: `tools/call ${probe?.tool}`, text: JSON.stringify(called)}]),
      {of: 'the refusal of an unknown tool', text: JSON.stringify(refused)},
      ...(await pages),
    ]
    return {texts, instructions, tools, marked}
  } finally {
    await client.close()
  }
}

async function page(server: InstanceServer, path: string, context: PhaseContext): Promise<{of: string; text: string}> {
  const {timeoutMs, signal} = boundsOf(server, context)
  try {
    const answer = await fetch(new URL(path, server.url), {
      headers: headersOf(server, context),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return {of: `GET ${path}`, text: (await answer.text()).slice(0, server.settings.limits.responseBytes)}
  } catch {
    // A page that a server does not have says nothing.
    // Whether it answers is for the phase `health`.
    return {of: `GET ${path}`, text: ''}
  }
}

/** The journal takes secrets out of what it writes and leaves their names, so they can be found there again. */
function markedAnswers({entries}: PhaseContext, server: string): ServerAnswers['marked'] {
  const seen = entriesOf(entries(), 'fact').findLast(({name}) => name === `observed.calls.${server}`)?.value
  const calls = (seen as {calls?: {title: string; outcome?: unknown}[]} | undefined)?.calls ?? []
  return calls.flatMap(({title, outcome}) => {
    const found = JSON.stringify(outcome ?? null).matchAll(/\[secret ([A-Z][A-Z0-9_]*)(?: of the rehearsal)?\]/g)
    return [...new Set([...found].map(([, secret = '']) => secret))].map(secret => ({
      of: `the call "${title}"`,
      secret,
    }))
  })
}
