// Whether a server refuses web pages of foreign origins itself, and where it does not, who could reach it at all.
import {networkInterfaces} from 'node:os'
import {exchange} from '../lib/mcp/exchange.ts'
import {tryTcp} from '../lib/mcp/tryTcp.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import {boundsOf} from './clientOf.ts'
import type {Check, PhaseContext} from './phase.ts'
import {isLoopback, listeningSockets} from './security/listeningSockets.ts'
import {hasProc, processesOf} from './security/procFiles.ts'

export interface OwnOriginSeen {
  /** What the server itself, past the ingress, answers to a web page of a foreign origin. */
  own: RefusalSeen
  /** What the ingress answers in its place. */
  ingress: RefusalSeen
  /** Addresses beyond this machine at which it can be reached. */
  beyond: string[]
}

interface RefusalSeen {
  transport: string
  status: number | undefined
}

export const strangeOrigin = 'Origin: https://stranger.example'

export async function seeOwnOrigin(
  server: InstanceServer,
  context: PhaseContext,
  timeoutMs: number,
): Promise<OwnOriginSeen> {
  const [own, ingress, beyond] = await Promise.all([
    askAsStranger(server.endpoint, server, context, timeoutMs),
    askAsStranger(server.through, server, context, timeoutMs),
    reachableBeyond(server, context, timeoutMs),
  ])
  return {own, ingress, beyond}
}

/**
 * MCP, Streamable HTTP, "Security Warning": servers must validate Origin, and "When running locally, servers SHOULD bind only
 * to localhost". Behind an ingress that refuses foreign origins, a server that only this machine reaches can be called so
 * by a browser on this machine alone, at a port that was chosen for this instance: an observation. Beyond it, a failure.
 */
export function judgeOwnOrigin({own, ingress, beyond}: OwnOriginSeen): Check {
  const name = 'own-origin'
  const answered = `the server itself: ${strangeOrigin} was answered with ${own.status ?? own.transport}`
  const numbers = {value: String(own.status ?? own.transport), limit: '403'}
  const remedy = 'turn on the Origin check of the server (403), or any website that a user visits could call it'
  if (own.status === 403) return {name, verdict: 'pass', detail: answered, ...numbers}
  // No answer is neither a refusal nor a sign that such pages are taken.
  const silent =
    own.status === undefined ? own : beyond.length === 0 && ingress.status === undefined ? ingress : undefined
  if (silent !== undefined)
    return {
      name,
      verdict: 'inconclusive',
      detail: `${silent === own ? 'the server itself' : 'the ingress'} did not answer ${strangeOrigin}: ${silent.transport}`,
      byTime: silent.transport === 'deadline',
      remedy: 'see the health ladder of this server, then run it again',
      ...numbers,
    }
  if (beyond.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `${answered}, and it can be reached from other machines (${beyond.join(', ')})`,
      remedy: `let it listen on {host} only, or set confineToLoopback: true; better: ${remedy}`,
      ...numbers,
    }
  if (ingress.status !== 403)
    return {
      name,
      verdict: 'fail',
      detail: `${answered}, and through the ingress with ${ingress.status ?? ingress.transport}`,
      remedy: `take the origin out of ingress.origins, or ${remedy}`,
      ...numbers,
    }
  return {
    name,
    verdict: 'pass',
    detail: `${answered}; only this machine can reach it, and the ingress answers 403`,
    ...numbers,
    findings: [
      {
        severity: 'Low',
        place: strangeOrigin,
        text: `the server has no Origin check of its own: a website in a browser on this machine could call it past the ingress; ${remedy}`,
      },
    ],
  }
}

/** An `initialize` as a web page of a foreign origin would send it. */
async function askAsStranger(
  url: string,
  server: InstanceServer,
  context: PhaseContext,
  atMostMs: number,
): Promise<RefusalSeen> {
  const {headers, timeoutMs, signal} = boundsOf(server, context)
  const {transport, status} = await exchange({
    url,
    method: 'POST',
    headers: {
      ...headers,
      origin: 'https://stranger.example',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {name: 'seaworthy', version: '1'}},
    }),
    awaitId: 1,
    timeoutMs: Math.min(timeoutMs, atMostMs),
    signal,
  })
  return {transport, status}
}

// The kernel's tables are certain; where they cannot be read, its port is tried at every other address of this machine.
async function reachableBeyond(server: InstanceServer, context: PhaseContext, timeoutMs: number): Promise<string[]> {
  const {hostname, port} = new URL(server.endpoint)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (host !== 'localhost' && !isLoopback(host)) return [`${hostname}:${port}`]
  const listening = await listeningOf(server.name, context)
  if (listening !== undefined)
    return listening.flatMap(one =>
      one.port === Number(port) && !isLoopback(one.address) ? [`${one.address}:${port}`] : [],
    )
  const others = Object.values(networkInterfaces()).flatMap(list => list?.filter(({internal}) => !internal) ?? [])
  const tried = others.map(async ({address}) => {
    const {transport} = await tryTcp({host: address, port: Number(port), timeoutMs, signal: context.signal})
    return transport === 'ok' ? [`${address}:${port}`] : []
  })
  return (await Promise.all(tried)).flat()
}

async function listeningOf(name: string, {inspect}: PhaseContext) {
  if (!hasProc()) return undefined
  const identity = (await inspect()).find(program => program.name === name)?.identity ?? ''
  const processes = processesOf(identity)
  if (processes === undefined || processes.some(({sockets}) => sockets === undefined)) return undefined
  return listeningSockets(processes)
}
