// The routes file: which copies of each server there are, and which of them takes new traffic. Steps and rollback.sh write it.
import type {Expectation} from '../scripts/lib/expect/expectation.ts'
import {count, list, object, oneOf, optional, parseJson, path, type Reader, text, wrong} from './shape.ts'

/** `active` takes new traffic; `draining` keeps its calls and sessions; `ended` answers nothing any more. */
export type CopyState = 'active' | 'draining' | 'ended'

/** One running copy of a server. `url` is where it listens, without the path of the endpoint. */
export type CopyRoute = {id: string; url: string; state: CopyState}

/** How much may wait while no copy is active. */
export type HoldLimits = {maximumRequests: number; maximumBytes: number; maximumMs: number}

/** One server of the fleet as the ingress sees it. */
export type ServerRoute = {
  endpoint: string
  /** The server's own health path. */
  health: string | null
  hosts: string[]
  /** One safe tool call: the deepest rung of the health ladder. */
  probe: {tool: string; arguments: {[name: string]: unknown}; expect?: Expectation | null} | null
  /** Name of the variable that holds the bearer token of probes. Requests of clients carry their own. */
  bearer: string | null
  cutover: 'blue-green' | 'recreate'
  copies: CopyRoute[]
  hold: HoldLimits | null
  /** How long the deploy step lets a copy drain; the ingress only passes it on. */
  drainMs: number
}

/** The whole file. `version`, `release` and the digest of the file come back in the status file once it is applied. */
export type Routes = {
  version: number
  release: string
  /** Instead of those of the configuration; files of earlier versions have none. */
  hosts: string[] | undefined
  origins: string[] | undefined
  servers: {[name: string]: ServerRoute}
}

/** Reads a routes file; throws an Error that names the place, what should be there and what is. */
export function readRoutes(content: string, name: string): Routes {
  const top = object(parseJson(content, name), '')
  const servers = Object.entries(object(top.servers, 'servers'))
  return {
    version: count(top.version, 'version'),
    release: text(top.release, 'release'),
    hosts: optional(list(text), undefined)(top.hosts, 'hosts'),
    origins: optional(list(text), undefined)(top.origins, 'origins'),
    servers: Object.fromEntries(servers.map(([key, value]) => [serverName(key), readServer(value, `servers.${key}`)])),
  }
}

function readServer(value: unknown, place: string): ServerRoute {
  const server = object(value, place)
  const copies = list(readCopy)(server.copies, `${place}.copies`)
  if (copies.filter(copy => copy.state === 'active').length > 1) {
    wrong(`${place}.copies`, 'copies of which at most one is active', server.copies)
  }
  if (new Set(copies.map(copy => copy.id)).size < copies.length) {
    wrong(`${place}.copies`, 'copies with ids of their own', server.copies)
  }
  return {
    endpoint: path(server.endpoint, `${place}.endpoint`),
    health: optional(path, null)(server.health, `${place}.health`),
    hosts: optional(list(text), [])(server.hosts, `${place}.hosts`),
    probe: optional(readProbe, null)(server.probe, `${place}.probe`),
    bearer: optional(text, null)(server.bearer, `${place}.bearer`),
    cutover: optional(oneOf('blue-green', 'recreate'), 'blue-green' as const)(server.cutover, `${place}.cutover`),
    copies,
    hold: optional(readHold, null)(server.hold, `${place}.hold`),
    drainMs: optional(count, 30_000)(server.drainMs, `${place}.drainMs`),
  }
}

const readCopy: Reader<CopyRoute> = (value, place) => {
  const copy = object(value, place)
  const url = text(copy.url, `${place}.url`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) wrong(`${place}.url`, 'an http URL', url)
  return {
    id: text(copy.id, `${place}.id`),
    url,
    state: oneOf('active', 'draining', 'ended')(copy.state, `${place}.state`),
  }
}

const readProbe: Reader<NonNullable<ServerRoute['probe']>> = (value, place) => {
  const probe = object(value, place)
  return {
    tool: text(probe.tool, `${place}.tool`),
    arguments: object(probe.arguments ?? {}, `${place}.arguments`),
    // Routes of earlier versions have none: then any result is good.
    expect: optional(readExpectation, null)(probe.expect, `${place}.expect`),
  }
}

const readExpectation: Reader<Expectation> = (value, place) => {
  const expected = object(value, place)
  const number: Reader<number> = (given, at) => (typeof given === 'number' ? given : wrong(at, 'a number', given))
  const readCost: Reader<NonNullable<Expectation['cost']>> = (given, at) => {
    const cost = object(given, at)
    return {path: text(cost.path, `${at}.path`), atMost: number(cost.atMost, `${at}.atMost`)}
  }
  return {
    outcome: oneOf('result', 'tool-error', 'rpc-error')(expected.outcome, `${place}.outcome`),
    text: optional(text, undefined)(expected.text, `${place}.text`),
    schema: optional(object, undefined)(expected.schema, `${place}.schema`),
    match: optional(object, {})(expected.match, `${place}.match`) as Expectation['match'],
    latencyMs: optional(number, undefined)(expected.latencyMs, `${place}.latencyMs`),
    cost: optional(readCost, undefined)(expected.cost, `${place}.cost`),
  }
}

const readHold: Reader<HoldLimits> = (value, place) => {
  const hold = object(value, place)
  return {
    maximumRequests: count(hold.maximumRequests, `${place}.maximumRequests`),
    maximumBytes: count(hold.maximumBytes, `${place}.maximumBytes`),
    maximumMs: count(hold.maximumMs, `${place}.maximumMs`),
  }
}

// `-` and the ingress's own paths cannot be servers, since their paths are taken.
function serverName(key: string): string {
  const taken = key === '-' || key === 'health' || key === 'metrics'
  return /^[\w.-]+$/.test(key) && !taken ? key : wrong(`servers.${key}`, 'named otherwise', key)
}
