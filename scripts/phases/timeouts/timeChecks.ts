// Holds measured times against the patience of known clients and proxies: which of them does this release break?
import {overload} from '../machine/overload.ts'
import type {Check} from '../phase.ts'
import type {Patience} from './clientTable.ts'
import {quantileBound} from './quantileBound.ts'
import {fewestCalls, type TimesSeen} from './timesSeen.ts'

/**
 * Measured on the wall, as clients do. Of that only what its processes waited for a processor can be the machine's, and no
 * more of it is known than how long they have waited up to now: where that decides, nothing can be said.
 */
export function judgeColdStart(seen: TimesSeen): Check {
  const name = 'cold-start'
  const {coldStartMs, waitedMs, patience, startLoad} = seen
  if (coldStartMs === undefined) return {name, verdict: 'skip', detail: 'this run started no copy of it'}
  const remedy = 'do less before it listens: load, connect and compile on the first call, or beside it'
  const verdict = held(coldStartMs, patience, 'startMs')
  const told = `ready ${said(coldStartMs)} after its start`
  if (verdict.broken.length === 0) return check(name, told, verdict, {remedy})
  const atMostMs = waitedMs === undefined ? undefined : Math.min(waitedMs, coldStartMs)
  const waited =
    atMostMs === undefined || atMostMs === 0 ? '' : `, of which it waited at most ${said(atMostMs)} for a processor`
  const busy = startLoad === undefined ? busyByLoad(seen) : overload(startLoad)
  // Those who would give up even if it had waited for all of that.
  const own = held(coldStartMs - (atMostMs ?? 0), patience, 'startMs')
  const isSure = atMostMs === undefined ? busy === undefined : own.broken.length > 0
  if (isSure) return {...check(name, `${told}${waited}`, {...own, ms: coldStartMs}, {remedy}), byTime: false}
  return {
    ...check(name, told, verdict, {remedy}),
    verdict: 'inconclusive',
    detail: `${told}${waited}: too long for ${verdict.names}, and how much of it was the machine's cannot be known`,
    remedy: 'run it again when less runs on this machine',
    byTime: true,
    load: startLoad,
  }
}

// Where nobody can tell for how long it waited, and nobody watched the machine during its start.
function busyByLoad({load: {average, processors}}: TimesSeen): string | undefined {
  return overload({load: average, cores: processors, ownWork: 0, ms: 0})
}

export function judgeHandshake({handshakesMs, unopened, patience}: TimesSeen): Check {
  const name = 'handshake'
  const slowest = Math.max(...handshakesMs)
  const verdict = held(slowest, patience, 'startMs')
  // A handshake that failed after all that time is as slow as that.
  if (unopened !== undefined && verdict.broken.length === 0)
    return {
      name,
      verdict: 'inconclusive',
      byTime: true,
      detail: `handshake ${handshakesMs.length} failed: ${unopened}`,
      remedy: 'see the health ladder of this server',
    }
  return check(name, `the slowest of ${handshakesMs.length} handshakes took ${said(slowest)}`, verdict, {
    remedy: 'answer the opening without asking anybody else first',
  })
}

export function judgeTool({probe, unopened, patience}: TimesSeen): Check {
  const name = 'tool'
  if (probe === undefined && unopened === undefined)
    return {name, verdict: 'skip', detail: 'no safe call is declared, so none was repeated'}
  const {tool, callsMs, ended} = probe ?? {tool: 'the probe', callsMs: [], ended: unopened}
  const bound = quantileBound(callsMs, 0.99)
  const verdict = held(bound?.ms ?? 0, patience, 'requestMs')
  const stopped = ended === undefined ? '' : `; then ${ended}`
  if (bound === undefined || (callsMs.length < fewestCalls && verdict.broken.length === 0))
    return {
      name,
      verdict: 'inconclusive',
      byTime: true,
      detail: `${callsMs.length} of ${fewestCalls} calls of ${tool}: too few to speak of their time${stopped}`,
      remedy: 'declare a probe that answers quickly, and is not limited to a few calls',
    }
  const share = Math.floor(bound.quantile * 1000) / 10
  return check(
    name,
    `${share} % of the calls of ${tool} take at most ${said(bound.ms)} (${callsMs.length} calls, 95 % sure)${stopped}`,
    verdict,
    {
      remedy: 'make it faster, or answer at once and let clients fetch the result (tasks)',
    },
  )
}

export function judgeDeclaredCalls({declared, patience}: TimesSeen): Check {
  const name = 'declared-calls'
  const [slowest] = declared.toSorted((a, b) => b.ms - a.ms)
  if (slowest === undefined) return {name, verdict: 'skip', detail: 'this run made no declared call of it'}
  const verdict = held(slowest.ms, patience, 'requestMs')
  return check(
    name,
    `the slowest of ${declared.length} declared calls, "${slowest.title}", took ${said(slowest.ms)}`,
    verdict,
    {
      remedy: 'make it faster, or answer at once and let clients fetch the result (tasks)',
    },
  )
}

interface Held {
  ms: number
  /** The shortest patience of all. */
  limitMs: number
  broken: Patience[]
  /** Those that it breaks, each with its patience. */
  names: string
}

function held(ms: number, patience: readonly Patience[], kind: 'startMs' | 'requestMs'): Held {
  const limits = patience.flatMap(one => (one[kind] === undefined ? [] : [{...one, limit: one[kind]}]))
  const broken = limits.filter(({limit}) => ms > limit)
  return {
    ms,
    limitMs: Math.min(...limits.map(({limit}) => limit)),
    broken,
    names: broken.map(({name, limit}) => `${name} (${limit / 1000} s)`).join(', '),
  }
}

function check(name: string, measured: string, {ms, limitMs, broken, names}: Held, {remedy}: {remedy: string}): Check {
  const numbers = {value: ms, limit: limitMs, unit: 'ms'}
  if (broken.length === 0)
    return {name, verdict: 'pass', detail: `${measured}; all known clients and proxies wait longer`, ...numbers}
  return {name, verdict: 'fail', detail: `${measured}: this release breaks ${names}`, byTime: true, remedy, ...numbers}
}

function said(ms: number): string {
  return ms < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${(ms / 1000).toFixed(1)} s`
}
