// Judges of the phase `stale`: every old call works or fails recoverably, and for how long such calls may come.
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import type {Check} from './phase.ts'
import type {StaleCallSeen, StaleSeen} from './staleSeen.ts'

/** `staleHours`: clients cache lists for 15 to 24 hours whatever the server says (anthropics/claude-ai-mcp #45). */
export function judgeStale(seen: StaleSeen, {limits: {staleHours}}: Pick<FleetServer, 'limits'>): Check[] {
  if (seen.state === 'skipped') return [{name: 'recoverable', verdict: 'skip', detail: seen.why}]
  if (seen.state === 'unseen') return [{name: 'recoverable', verdict: 'inconclusive', detail: seen.why}]
  return [judgeRecoverable(seen), judgeWindow(seen, staleHours)]
}

type Seen = Extract<StaleSeen, {state: 'seen'}>

function judgeRecoverable({title, calls, unsafe, same}: Seen): Check {
  const name = 'recoverable'
  const count = (verdict: StaleCallSeen['verdict']) => calls.filter(call => call.verdict === verdict).length
  const bad = calls.filter(({verdict}) => verdict === 'unrecoverable')
  const judged = calls.length - count('unjudged')
  const left =
    unsafe.length === 0 ? '' : `; not called, since neither marked as safe nor declared: ${unsafe.join(', ')}`
  const evidence = [...calls].sort((one, other) => rank[one.verdict] - rank[other.verdict]).map(lineOf)
  const numbers = {
    value: bad.length,
    limit: 0,
    unit: 'unrecoverable',
    evidence: evidence.slice(0, 40).join('\n') || undefined,
  }
  if (bad.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `${bad.length} of ${calls.length} calls that ${title} allowed leave their client stranded: ${lineOf(bad[0])}${left}`,
      remedy: 'answer such a call with -32602 or isError and a sentence, or keep the old form beside the new one',
      ...numbers,
    }
  // Where nothing differs there is nothing that an old call could meet.
  if (judged === 0 && same)
    return {name, verdict: 'skip', detail: `the contract is that of ${title}, and no call of it is safe to make here`}
  if (judged === 0)
    return {
      name,
      verdict: 'inconclusive',
      detail: `no call that ${title} allowed could be judged${left}`,
      remedy:
        'declare a call of the tools that change in the fleet file, or mark them with readOnlyHint and openWorldHint',
      ...numbers,
    }
  return {
    name,
    verdict: 'pass',
    detail: `of ${calls.length} calls that ${title} allowed ${count('works')} work and ${count('recoverable')} fail recoverably${count('unjudged') > 0 ? `; ${count('unjudged')} said nothing` : ''}${left}`,
    ...numbers,
  }
}

function judgeWindow({title, same, breaking, ttlMs}: Seen, floorHours: number): Check {
  const name = 'window'
  const allowed =
    ttlMs === 0 ? 'does not allow clients to keep its lists' : `allows clients to keep its lists for ${told(ttlMs)}`
  const hours = Math.max(floorHours, Math.ceil(ttlMs / 3_600_000))
  if (same) return {name, verdict: 'pass', detail: `the contract is that of ${title}, so nobody holds an old one`}
  const anyway = floorHours > 0 ? `; some keep them up to ${floorHours} h whatever it says` : ''
  const detail = `${title} ${allowed}${anyway}, so calls of the old contract may come for ${hours} h`
  const advice =
    breaking === 0
      ? 'nothing breaks them'
      : `${breaking} differences break them: leave the old form beside the new one until then${ttlMs > 60_000 ? ', and lower ttlMs well before the next such change' : ''}`
  return {name, verdict: 'pass', detail: `${detail}; ${advice}`, value: hours, unit: 'h'}
}

const rank = {unrecoverable: 0, unjudged: 1, recoverable: 2, works: 3} as const

function lineOf(call: StaleCallSeen | undefined): string {
  if (call === undefined) return ''
  const {tool, from, verdict, why} = call
  return `${verdict}: tools/call ${tool} ${JSON.stringify(call.arguments).slice(0, 200)} (${from}): ${why.slice(0, 300)}`
}

function told(ms: number): string {
  return ms >= 3_600_000 ? `${Math.round(ms / 360_000) / 10} h` : `${Math.round(ms / 100) / 10} s`
}
