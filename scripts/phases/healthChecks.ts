// The checks of the health phase about one server, each a pure function of what was seen.
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import {type Climb, isLate} from '../lib/mcp/ladder.ts'
import type {SecondOpinion} from '../lib/mcp/secondOpinion.ts'
import {lastEnd, overMemory} from '../lib/target/lastEnd.ts'
import type {ProgramStatus} from '../lib/target/target.ts'
import type {Steady} from './healthSeen.ts'
import type {Check} from './phase.ts'

/** A ladder that ends below a real call proves too little, whatever it reached. */
export function judgeLadder(name: string, climb: Climb, {limits, probe}: FleetServer): Check {
  const rungs = climb.rungs
    .map(rung => `${rung.ok ? '✓' : '✗'} ${rung.name} ${Math.round(rung.ms)} ms  ${rung.summary}`)
    .join('\n')
  const numbers = {value: Math.round(climb.ms), limit: limits.healthMs, unit: 'ms', evidence: rungs}
  if (!climb.holds) {
    return {
      name,
      verdict: 'fail',
      detail: climb.summary,
      byTime: isLate(climb),
      remedy:
        climb.movedTo === undefined
          ? 'read `pnpm logs` of this server; the rung that failed says where to look'
          : `set endpoint: ${climb.movedTo} in the fleet file`,
      ...numbers,
    }
  }
  if (probe === undefined) {
    return {
      name,
      verdict: 'inconclusive',
      detail: climb.summary,
      remedy: 'declare one safe tool call as probe: in the fleet file',
      ...numbers,
    }
  }
  if (climb.ms > limits.healthMs) {
    return {
      name,
      verdict: 'fail',
      detail: `reached ${climb.reached}, but took ${Math.round(climb.ms)} ms`,
      byTime: true,
      remedy: 'find what is slow, or raise limits.healthMs',
      ...numbers,
    }
  }
  return {
    name,
    verdict: 'pass',
    detail: `reached ${climb.reached} in ${Math.round(climb.ms)} ms (${climb.era} era, ${climb.protocolVersion})`,
    ...numbers,
  }
}

/** Two clients that were written apart must agree; where they do not, one of them is wrong and nothing is proved. */
export function judgeOpinion(ours: Climb, other: SecondOpinion): Check {
  const name = 'second-opinion'
  if (other.ok)
    return {
      name,
      verdict: 'pass',
      detail: `the official SDK client agrees: ${other.tools.length} tools in ${Math.round(other.ms)} ms`,
      value: Math.round(other.ms),
      unit: 'ms',
    }
  const detail = `the official SDK client failed at ${other.stage}: ${other.error}`
  const byTime = other.late === true
  if (!ours.holds) return {name, verdict: 'fail', detail, byTime, remedy: 'the server is at fault: two clients failed'}
  return {
    name,
    verdict: 'fail',
    detail: `${detail}; our own client did not`,
    byTime,
    remedy: 'users connect with the SDK: compare the two exchanges',
  }
}

export function judgeSteady(
  {forMs, climbs, failures, late, before, after, sinceStart}: Steady,
  {limits}: FleetServer,
): Check[] {
  const verdict = failures.length === 0 ? 'pass' : 'fail'
  const detail = `${climbs - failures.length} of ${climbs} climbs held over ${forMs / 1000} s`
  const steady: Check = {
    name: 'steady',
    verdict,
    detail,
    value: failures.length,
    limit: 0,
    unit: 'failures',
    evidence: failures.slice(0, 3).join('\n') || undefined,
    byTime: late === failures.length,
  }
  if (verdict === 'fail') steady.remedy = 'it answers and then does not: read its log around that time'
  return [steady, judgeRestarts({before, after, sinceStart}, limits.steadySeconds)]
}

function judgeRestarts(
  {before, after, sinceStart}: Pick<Steady, 'before' | 'after' | 'sinceStart'>,
  steadySeconds: number,
): Check {
  const name = 'restarts'
  if (before === undefined || after === undefined) {
    return {
      name,
      verdict: 'inconclusive',
      detail: 'the target does not show this server',
      remedy: 'look whether it runs at all: pnpm status',
    }
  }
  const restarts = after.restarts - (sinceStart ? 0 : before.restarts)
  const numbers = {value: restarts, limit: 0, unit: 'restarts'}
  const span = sinceStart ? 'since its start' : `in ${steadySeconds} s`
  if (restarts === 0 && before.identity === after.identity && after.running) {
    const earlier = after.restarts === 0 ? '' : `; ${after.restarts} before that`
    return {
      name,
      verdict: 'pass',
      detail: `the same process throughout (${after.identity.split('@')[0]}), no restart ${span}${earlier}`,
      ...numbers,
    }
  }
  const last = after.lastExit === undefined ? '' : `, ${lastEnd(after.lastExit)}`
  const now = after.running ? 'another process answers now' : 'it does not run now'
  return {
    name,
    verdict: 'fail',
    detail: `${restarts} restarts ${span}${last}, ${now}`,
    remedy:
      after.lastExit === overMemory
        ? 'find the leak, or raise limits.memoryMegabytes: what takes more is ended and started again'
        : 'it crashes: its log has the reason',
    ...numbers,
  }
}

export function judgeOwnPath(climb: Climb, {health}: FleetServer): Check[] {
  const rung = climb.rungs.find(candidate => candidate.name === 'http')
  if (health === undefined) return []
  if (rung === undefined)
    return [{name: 'own-path', verdict: 'inconclusive', detail: `${health} was not asked: the server was not reached`}]
  const verdict = rung.ok ? 'pass' : 'fail'
  return [
    {
      name: 'own-path',
      verdict,
      detail: rung.summary,
      byTime: rung.kind === 'deadline',
      value: rung.status ?? 'no status',
      limit: 200,
      remedy: rung.ok ? undefined : 'fix the path, or take health: out of the fleet file',
    },
  ]
}

const hourSeconds = 3600

/** More than the largest log within an hour fills disks and hides what matters: a rotation within the last hour shows it. */
export function judgeLogVolume(
  status: Pick<ProgramStatus, 'logRotated'> | undefined,
  {limits}: Pick<FleetServer, 'limits'>,
  nowMs: number,
): Check[] {
  const name = 'log-volume'
  if (status === undefined) return []
  const numbers = {limit: limits.logMegabytes, unit: 'MB'}
  const rotated = status.logRotated
  if (
    rotated === undefined ||
    nowMs - rotated.atMs > hourSeconds * 1000 ||
    rotated.seconds > hourSeconds ||
    rotated.megabytes < limits.logMegabytes
  )
    return [{name, verdict: 'pass', detail: `less than ${limits.logMegabytes} MB of log within an hour`, ...numbers}]
  const megabytes = Math.round(rotated.megabytes)
  return [
    {
      name,
      verdict: 'fail',
      detail: `logged ${megabytes} MB within ${rotated.seconds} s`,
      value: megabytes,
      ...numbers,
      remedy: 'lower the log level of the server, or raise limits.logMegabytes',
    },
  ]
}

export function judgeResources(status: ProgramStatus | undefined, {limits}: FleetServer): Check[] {
  const name = 'memory'
  if (limits.memoryMegabytes === undefined) return []
  const used = status?.memoryMegabytes
  if (used === undefined) return [{name, verdict: 'inconclusive', detail: 'the target does not tell its memory'}]
  const over = used > limits.memoryMegabytes
  return [
    {
      name,
      verdict: over ? 'fail' : 'pass',
      detail: `${Math.round(used)} MB resident with its children`,
      value: Math.round(used),
      limit: limits.memoryMegabytes,
      unit: 'MB',
      remedy: over ? 'find the leak, or raise limits.memoryMegabytes' : undefined,
    },
  ]
}

/** A server whose start could not be isolated runs all the same; what that means is for a person, and never a pass. */
export function judgeIsolated(programs: readonly ProgramStatus[]): Check {
  const open = programs.filter(({unisolated}) => unisolated).map(program => program.name)
  const numbers = {value: open.length, limit: 0, unit: 'servers'}
  if (open.length === 0)
    return {
      name: 'isolated',
      verdict: 'pass',
      detail: 'no server runs without the isolation that it should have',
      ...numbers,
    }
  return {
    name: 'isolated',
    verdict: 'skip',
    detail: `${open.join(', ')}: started without isolation, which this machine did not allow at that moment`,
    remedy: 'its log says why; pnpm restart of it tries again',
    ...numbers,
  }
}
