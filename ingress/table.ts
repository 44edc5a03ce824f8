// What the ingress holds for each copy of each server: its connections and counts; kept in step with the routes.
import {Pool} from 'undici'
import type {Present} from './comeAndGo.ts'
import {type Hold, makeHold} from './hold.ts'
import type {CopyRoute, CopyState, Routes, ServerRoute} from './routes.ts'

/** A request that stays open until its client or its copy ends it. */
export type OpenStream = Present & {cut(): void}

/** One copy at run time. `sessions`, `inFlight` and `streams` are kept by those who use it. */
export type Copy = {
  id: string
  url: string
  /** The path of `url` without a slash at its end: put in front of every path. */
  basePath: string
  state: CopyState
  pool: Pool
  inFlight: number
  sessions: number
  /** All are cut when the copy is ended. */
  streams: OpenStream[]
}

/** One server at run time. */
export type Served = {name: string; route: ServerRoute; copies: Copy[]; hold: Hold}

/** All servers by name. */
export type Table = Map<string, Served>

/** What changed when routes were applied: copies whose state is new, by server. */
export type Change = {server: string; copy: string; from: CopyState | 'absent'; to: CopyState | 'removed'}

/**
 * Brings the table to what the routes say; calls in flight are not touched. Streams of copies that ended are cut, so that
 * their clients come back and are told with 404 to start over. Requests that waited are let go on to be decided again.
 */
export function applyRoutes(table: Table, routes: Routes, onChange: () => void): Change[] {
  const changes: Change[] = []
  for (const [name, route] of Object.entries(routes.servers)) {
    const served = table.get(name) ?? {name, route, copies: [], hold: makeHold(onChange)}
    const before = served.copies
    served.route = route
    served.copies = route.copies.map(wanted => {
      const known = before.find(copy => copy.id === wanted.id && copy.url === wanted.url)
      const from = known?.state ?? 'absent'
      if (from !== wanted.state) changes.push({server: name, copy: wanted.id, from, to: wanted.state})
      const copy = known ?? makeCopy(wanted)
      copy.state = wanted.state
      return copy
    })
    for (const copy of before) {
      if (!served.copies.includes(copy)) changes.push(remove(name, copy))
    }
    for (const copy of served.copies) if (copy.state === 'ended') cutStreams(copy)
    table.set(name, served)
  }
  for (const [name, served] of table) {
    if (Object.hasOwn(routes.servers, name)) continue
    for (const copy of served.copies) changes.push(remove(name, copy))
    served.copies = []
    // Those who wait for it are told at once that it is gone.
    served.route = {...served.route, hold: null}
    table.delete(name)
    served.hold.releaseAll()
  }
  for (const served of table.values()) served.hold.releaseAll()
  onChange()
  return changes
}

// How long a connection that nobody uses is kept.
const idleMs = 1000

function makeCopy({id, url, state}: CopyRoute): Copy {
  const {origin, pathname} = new URL(url)
  // No deadline on headers or bodies: a tool may take minutes, and a stream is silent for hours. One request a
  // connection at a time, so that a connection that breaks breaks one call.
  const pool = new Pool(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: {timeout: 5000},
    // Well before the copy closes it, which most do after 5 s: a call that meets that end fails, and it cannot be told whether
    // the copy had read it. This client looks at the time once a second only; a new connection costs a tenth of a millisecond.
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
  })
  const basePath = pathname.replace(/\/$/, '')
  return {id, url, basePath, state, pool, inFlight: 0, sessions: 0, streams: []}
}

function remove(server: string, copy: Copy): Change {
  const from = copy.state
  copy.state = 'ended'
  cutStreams(copy)
  // Waits for the calls in flight; never rejects for what they do.
  void copy.pool.close()
  return {server, copy: copy.id, from, to: 'removed'}
}

function cutStreams(copy: Copy) {
  for (const stream of [...copy.streams]) stream.cut()
}
