// Every server's health URL answers through the ingress; strangers are refused; TLS, where there is any, is valid.

import type {InstanceServer} from '../lib/instance/instance.ts'
import {exchange} from '../lib/mcp/exchange.ts'
import {type CertificateSeen, judgeCertificate, seeCertificate} from './certificate.ts'
import {boundsOf} from './clientOf.ts'
import type {HealthAnswer} from './healthAnswer.ts'
import {healthAnswer} from './healthAnswer.ts'
import type {Check, Phase, PhaseContext} from './phase.ts'

interface ServerSeen {
  answer: HealthAnswer
  /** The same by a name that only a wildcard host covers; absent when there is no wildcard. */
  wildcard: HealthAnswer | undefined
  /** What the server itself, past the ingress, answers to a web page from elsewhere. */
  ownOrigin: {transport: string; status: number | undefined}
}

interface FleetSeen {
  whole: HealthAnswer
  foreignOrigin: HealthAnswer
  foreignHost: HealthAnswer
  certificate: CertificateSeen | undefined
}

const answersWithinMs = 5000

export const reachability: Phase<ServerSeen, FleetSeen> = {
  name: 'reachability',
  title: "Every server's health URL answers through the ingress, and strangers are refused",
  deadlineMs: () => 4 * answersWithinMs,

  server: {
    observe: async (context, server) => {
      const {instance, signal} = context
      const {name, settings} = server
      const ask = (headers?: Record<string, string>) =>
        healthAnswer(
          `${instance.ingress.url}/${name}/health`,
          signal,
          Math.max(answersWithinMs, settings.limits.healthMs),
          headers,
        )
      const host = wildcardHost(instance.ingress.hosts)
      const [answer, wildcard, ownOrigin] = await Promise.all([
        ask(),
        host === undefined ? undefined : ask({host}),
        askAsStranger(server, context),
      ])
      return {answer, wildcard, ownOrigin}
    },
    evidence: () => ({have: 1, need: 1, what: 'answers'}),
    judge: ({answer, wildcard, ownOrigin}) => [
      judgeAnswer('health-url', answer),
      ...(wildcard ? [judgeAnswer('wildcard-host', wildcard)] : []),
      judgeRefusal('own-origin', ownOrigin, `the server itself: ${strangeOrigin}`, [403]),
    ],
  },

  fleet: {
    observe: async context => ({
      ...(await askFleet(context)),
      certificate: await seeCertificate(context.instance.ingress),
    }),
    evidence: () => ({have: 1, need: 1, what: 'answers'}),
    judge: ({whole, foreignOrigin, foreignHost, certificate}) => [
      judgeAnswer('fleet-health', whole),
      judgeRefusal('foreign-origin', foreignOrigin, strangeOrigin, [403]),
      judgeRefusal('foreign-host', foreignHost, 'Host: stranger.example', [403, 421]),
      ...judgeCertificate(certificate),
    ],
  },
}

const strangeOrigin = 'Origin: https://stranger.example'

/** An `initialize` as a web page from elsewhere would send it to a server on the reader's own machine. */
async function askAsStranger(server: InstanceServer, context: PhaseContext): Promise<ServerSeen['ownOrigin']> {
  const {headers, timeoutMs, signal} = boundsOf(server, context)
  const {transport, status} = await exchange({
    url: server.endpoint,
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
    timeoutMs: Math.min(timeoutMs, answersWithinMs),
    signal,
  })
  return {transport, status}
}

async function askFleet({instance, signal}: PhaseContext) {
  const ask = (headers?: Record<string, string>) =>
    healthAnswer(`${instance.ingress.url}/health`, signal, answersWithinMs, headers)
  const [whole, foreignOrigin, foreignHost] = await Promise.all([
    ask(),
    ask({origin: 'https://stranger.example'}),
    ask({host: 'stranger.example'}),
  ])
  return {whole, foreignOrigin, foreignHost}
}

/** A name that `*.example.org` covers and that no other entry names. */
function wildcardHost(hosts: readonly string[]): string | undefined {
  return hosts.find(host => host.startsWith('*.'))?.replace('*', 'wildcard-check')
}

/** A1: 200, valid JSON with a status, no deadline passed. */
function judgeAnswer(name: string, {transport, status, ms, json, says, text, url}: HealthAnswer): Check {
  const numbers = {value: status ?? transport, limit: 200, evidence: `GET ${url}\n${text}`}
  const fail = (detail: string, remedy: string): Check => ({name, verdict: 'fail', detail, remedy, ...numbers})
  if (transport !== 'ok') return fail(`${transport} after ${ms} ms`, 'see whether the ingress runs: pnpm status')
  if (status !== 200)
    return fail(
      `HTTP ${status} after ${ms} ms${says ? `, status "${says}"` : ''}`,
      'the answer itself says which rung of the ladder failed',
    )
  if (!json) return fail(`HTTP 200, but no JSON object`, 'a health answer is a JSON object')
  if (says === undefined) return fail('HTTP 200 with JSON, but without a status', 'add the key status')
  return {name, verdict: 'pass', detail: `HTTP 200, status "${says}", ${ms} ms`, ...numbers}
}

/** Origin: Streamable HTTP, "Security Warning": present and invalid must be answered with 403. */
function judgeRefusal(
  name: string,
  {transport, status}: Pick<HealthAnswer, 'transport' | 'status'>,
  sent: string,
  allowed: number[],
): Check {
  const refused = status !== undefined && allowed.includes(status)
  return {
    name,
    verdict: refused ? 'pass' : 'fail',
    detail: `${sent} was answered with ${status ?? transport}`,
    value: status ?? transport,
    limit: allowed.join(' or '),
    remedy: refused
      ? undefined
      : "it must be refused, or a web page from elsewhere can call the servers from its reader's machine",
  }
}
