// Holds measured times against the patience of known clients and proxies: which of them does this release break?
import type {Check} from '../phase.ts'
import type {Patience} from './clientTable.ts'
import {quantileBound} from './quantileBound.ts'
import {fewestCalls, type TimesSeen} from './timesSeen.ts'

// Beyond this many waiting programs a processor, a start takes longer for reasons that are not the release's.
const busyLoad = 2

/** A start that is too slow by the machine alone is no fault of the release, and one that is too slow without that is. */
export function judgeColdStart(seen: TimesSeen): Check {
  const name = 'cold-start'
  const {coldStartMs, patience} = seen
  if (coldStartMs === undefined) return {name, verdict: 'skip', detail: 'this run started no copy of it'}
  // It was looked up some time after the start, and may have waited since.
  const waitedMs = seen.waitedMs === undefined ? undefined : Math.min(seen.waitedMs, coldStartMs)
  const verdict = held(coldStartMs, patience, 'startMs')
  const own = held(coldStartMs - (waitedMs ?? 0), patience, 'startMs')
  const busy = waitedMs === undefined ? busyByLoad(seen) : busyByWaiting(waitedMs)
  if (verdict.broken.length > 0 && busy !== undefined && (waitedMs === undefined || own.broken.length === 0))
    return {
      name,
      verdict: 'skip',
      detail: `${said(coldStartMs)}, but the machine was busy (${busy}): too long for ${verdict.names}`,
    }
  const waited = waitedMs !== undefined && waitedMs > 0 ? `, not counting ${said(waitedMs)} without a processor` : ''
  return check(name, `ready ${said(own.ms)} after its start${waited}`, own, {
    remedy: 'do less before it listens: load, connect and compile on the first call, or beside it',
  })
}

function busyByWaiting(waitedMs: number): string | undefined {
  return waitedMs === 0 ? undefined : `it waited for a processor for ${said(waitedMs)} of that`
}

// Where nobody can tell for how long it waited.
function busyByLoad({load: {average, processors}}: TimesSeen): string | undefined {
  return average / processors > busyLoad ? `load ${average.toFixed(1)} on ${processors} processors` : undefined
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
  return {name, verdict: 'fail', detail: `${measured}: this release breaks ${names}`, remedy, ...numbers}
}

function said(ms: number): string {
  return ms < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${(ms / 1000).toFixed(1)} s`
}
