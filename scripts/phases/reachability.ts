// Every server's health URL answers through the ingress; strangers are refused; TLS, where there is any, is valid.

import {type CertificateSeen, judgeCertificate, seeCertificate} from './certificate.ts'
import type {HealthAnswer} from './healthAnswer.ts'
import {healthAnswer} from './healthAnswer.ts'
import {judgeOwnOrigin, type OwnOriginSeen, seeOwnOrigin, strangeOrigin} from './ownOrigin.ts'
import type {Check, Phase, PhaseContext} from './phase.ts'

interface ServerSeen {
  answer: HealthAnswer
  /** The same by a name that only a wildcard host covers; absent when there is no wildcard. */
  wildcard: HealthAnswer | undefined
  ownOrigin: OwnOriginSeen
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
  title: "Every server's health URL answers through the ingress, which rejects foreign origins and hosts",
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
        seeOwnOrigin(server, context, answersWithinMs),
      ])
      return {answer, wildcard, ownOrigin}
    },
    evidence: () => ({have: 1, need: 1, what: 'answers'}),
    judge: ({answer, wildcard, ownOrigin}) => [
      judgeAnswer('health-url', answer),
      ...(wildcard ? [judgeAnswer('wildcard-host', wildcard)] : []),
      judgeOwnOrigin(ownOrigin),
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
function judgeAnswer(name: string, {transport, status, ms, json, says, late, text, url}: HealthAnswer): Check {
  const numbers = {value: status ?? transport, limit: 200, evidence: `GET ${url}\n${text}`}
  const fail = (detail: string, remedy: string): Check => ({name, verdict: 'fail', detail, remedy, ...numbers})
  if (transport !== 'ok')
    return {
      ...fail(`${transport} after ${ms} ms`, 'see whether the ingress runs: pnpm status'),
      byTime: late,
    }
  if (status !== 200)
    return {
      ...fail(
        `HTTP ${status} after ${ms} ms${says ? `, status "${says}"` : ''}`,
        'the answer itself says which rung of the ladder failed',
      ),
      byTime: late,
    }
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
    byTime: transport === 'deadline',
    value: status ?? transport,
    limit: allowed.join(' or '),
    remedy: refused
      ? undefined
      : "it must be refused, or a web page from elsewhere can call the servers from its reader's machine",
  }
}
