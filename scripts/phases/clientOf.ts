// How the phases talk to a server of the fleet: with its own deadline, retries, size limit and bearer token.
import {setTimeout as pause} from 'node:timers/promises'
import {openMcp} from '../lib/mcp/client.ts'
import type {OpenResult} from '../lib/mcp/connect.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import type {PhaseContext} from './phase.ts'

/** Headers that the server wants of its clients. */
export function headersOf(server: InstanceServer, {secrets}: Pick<PhaseContext, 'secrets'>): Record<string, string> {
  const bearer = server.settings.auth?.bearer
  const value = bearer === undefined ? undefined : secrets[bearer]
  return value === undefined ? {} : {authorization: `Bearer ${value}`}
}

/** What every request to this server is bounded by. */
export function boundsOf(server: InstanceServer, context: Pick<PhaseContext, 'secrets' | 'signal'>) {
  const {client, limits} = server.settings
  return {
    headers: headersOf(server, context),
    timeoutMs: client.timeoutMs,
    maximumBytes: limits.responseBytes,
    signal: context.signal,
  }
}

/** Opens the server at `url`; tries again only when nothing of the request reached it. The caller closes the client. */
export async function openServer(
  server: InstanceServer,
  url: string,
  context: Pick<PhaseContext, 'secrets' | 'signal'>,
): Promise<OpenResult> {
  const {retries, retryDelayMs} = server.settings.client
  for (let tried = 0; ; tried++) {
    const opened = await openMcp({url, ...boundsOf(server, context)})
    if (opened.ok || !neverArrived.has(opened.outcome.kind) || tried >= retries) return opened
    await pause(retryDelayMs, undefined, {signal: context.signal})
  }
}

const neverArrived = new Set<string>(['refused', 'dns', 'unreachable'])
