// Answers for the health of each server in one form, by climbing the ladder against its active copy.

import {judgeExpectation} from '../scripts/lib/expect/judgeExpectation.ts'
import {redactor} from '../scripts/lib/journal/redactor.ts'
import {type Climb, climb} from '../scripts/lib/mcp/ladder.ts'
import type {IngressConfig} from './config.ts'
import type {Copy, Served} from './table.ts'

/** The health of one server. `ok` only after a real request: a listening port is no sign of health. */
export type ServerHealth = {
  status: 'ok' | 'failing' | 'unknown'
  server: string
  /** The deepest rung of the ladder that held. */
  rung: string
  ms: number
  checkedAt: string
  release: string
  instance: string
  copies: number
  /** What the server's own health path answered, if it has one. */
  own: {status: number} | null
  detail: string
}

/** The health of the whole: ok only when there are servers and every one is. */
export type FleetHealth = {
  status: 'ok' | 'failing'
  fleet: string
  environment: string
  release: string
  instance: string
  servers: {[name: string]: ServerHealth}
}

/** Asks for the health of a server; answers of the last two seconds are given again, and one climb serves all who ask. */
export type HealthOf = (served: Served, release: string) => Promise<ServerHealth>

const cacheMs = 2000

/** Makes the asking. `variables` holds bearer tokens of probes by name. */
export function makeHealth(config: IngressConfig, variables: {[name: string]: string | undefined}): HealthOf {
  // Kept by the copy, so that the health of an old copy is never told of a new one.
  const lately = new WeakMap<object, {at: number; health: Promise<ServerHealth>}>()
  return (served, release) => {
    const active = served.copies.find(copy => copy.state === 'active')
    const told = {server: served.name, release, instance: config.instance, copies: served.copies.length}
    if (active === undefined) return Promise.resolve({...told, ...withoutCopy(served)})
    const known = lately.get(active)
    if (known && performance.now() - known.at < cacheMs) return known.health
    const health = climbTo(served, active, config.healthMs, variables).then(found => ({...told, ...found}))
    const kept = {at: Number.POSITIVE_INFINITY, health}
    lately.set(active, kept)
    void health.then(() => {
      kept.at = performance.now()
    })
    return health
  }
}

/** The health as anybody may see it: what a server says in its errors is for whoever runs it. */
export function withoutDetail(health: ServerHealth): ServerHealth {
  return {...health, detail: 'shown on the host of the ingress only'}
}

/** A server that is being removed only ends what its copies still have to do, so it is no fault that none is active. */
export function isLeaving({route, copies}: Served): boolean {
  return route.hold === null && copies.length > 0 && copies.every(copy => copy.state !== 'active')
}

/** Folds the servers into the whole. */
export function fleetHealth(config: IngressConfig, release: string, servers: ServerHealth[]): FleetHealth {
  const {fleet, environment, instance} = config
  const good = servers.length > 0 && servers.every(server => server.status === 'ok')
  const byName = Object.fromEntries(servers.map(server => [server.server, server]))
  return {status: good ? 'ok' : 'failing', fleet, environment, release, instance, servers: byName}
}

type Found = Pick<ServerHealth, 'status' | 'rung' | 'ms' | 'checkedAt' | 'own' | 'detail'>

function withoutCopy({route, hold}: Served): Found {
  const detail = route.hold ? `no copy is active; ${hold.held()} requests wait for one` : 'no copy is active'
  const status = route.hold ? 'unknown' : 'failing'
  return {status, rung: 'none', ms: 0, checkedAt: new Date().toISOString(), own: null, detail}
}

async function climbTo(
  {route}: Served,
  copy: Copy,
  timeoutMs: number,
  variables: {[name: string]: string | undefined},
): Promise<Found> {
  const checkedAt = new Date().toISOString()
  const token = route.bearer === null ? undefined : variables[route.bearer]
  const expected = route.probe?.expect ?? null
  try {
    const found = await climb({
      url: copy.url.replace(/\/$/, '') + route.endpoint,
      timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      healthPath: route.health === null ? undefined : copy.basePath + route.health,
      probe: route.probe ?? undefined,
      expect: expected === null ? undefined : outcome => judgeExpectation(outcome, expected),
      headers: token === undefined ? undefined : {authorization: `Bearer ${token}`},
    })
    // A server may answer with the very token that it was given.
    const redact = redactor(route.bearer === null ? {} : {[route.bearer]: token})
    return redact({...judge(found), checkedAt})
  } catch (error) {
    const detail = `the check itself failed: ${error instanceof Error ? error.message : String(error)}`
    return {status: 'unknown', rung: 'none', ms: 0, checkedAt, own: null, detail}
  }
}

function judge({holds, reached, ms, summary, rungs}: Climb): Omit<Found, 'checkedAt'> {
  const status = rungs.find(rung => rung.name === 'http')?.status
  return {
    status: holds ? 'ok' : 'failing',
    rung: reached,
    ms,
    own: status === undefined ? null : {status},
    detail: summary,
  }
}
