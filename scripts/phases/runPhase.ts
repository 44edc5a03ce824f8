// Runs one phase over the servers of an instance: observes in parallel, journals what was seen, judges, records checks.
import {explain} from '../lib/explain.ts'
import type {Acceptance} from '../lib/fleet/schema.ts'
import {inParallel} from '../lib/inParallel.ts'
import {type InstanceServer, isRehearsal} from '../lib/instance/instance.ts'
import type {CheckEntry, EntryBody} from '../lib/journal/entry.ts'
import {withDeadline} from '../lib/withDeadline.ts'
import {basisName, type CarryOver, type SeenEarlier} from './carryOver.ts'
import type {Check, Evidence, Phase, PhaseContext} from './phase.ts'

export interface PhaseRun {
  phase: Phase
  context: PhaseContext
  accept: readonly Acceptance[]
  record: (...entries: EntryBody[]) => void
  /** Where what earlier runs saw may stand for a look of this one. */
  carryOver?: CarryOver | undefined
}

// Observations mostly wait, some of them for a declared steady time; waves of fewer would wait for it again and again.
const serversAtOnce = 256

/** Records every check and returns them all. If an observation throws, that is `error`, never `fail`. */
export async function runPhase({phase, context, accept, record, carryOver}: PhaseRun): Promise<CheckEntry[]> {
  const entries: CheckEntry[] = []
  const seen = new Map<string, unknown>()
  // What was seen and what was judged of it go to the disk together.
  const settle = (server: string | undefined, checks: Check[], ms: number, facts: EntryBody[] = []) => {
    const judgements = checks.map(check => accepted(toEntry(phase.name, server, check, ms), accept))
    entries.push(...judgements)
    record(...facts, ...judgements)
  }
  if (phase.only === 'rehearsal' && !isRehearsal(context.instance)) {
    const detail = 'it would disturb its users, so it runs on a rehearsal only'
    settle(undefined, [{name: 'applies', verdict: 'skip', detail}], 0)
    return entries
  }
  const part = phase.server
  if (part !== undefined) {
    await inParallel(context.servers, phase.serversAtOnce ?? serversAtOnce, async server => {
      const reason = part.skip?.(server.settings)
      if (reason !== undefined) return settle(server.name, [{name: 'applies', verdict: 'skip', detail: reason}], 0)
      const carries = phase.carries === true ? carryOver : undefined
      const earlier = carries?.find(phase, server)
      const observe = (signal: AbortSignal) => part.observe({...context, signal}, server)
      const result: Observed =
        earlier === undefined
          ? await observed(phase, server, observe, context.signal)
          : {ok: true, seen: earlier.seen, ms: 0}
      if (!result.ok) return settle(server.name, [result.check], result.ms)
      seen.set(server.name, result.seen)
      const checks = judged(part.evidence(result.seen), () => part.judge(result.seen, server.settings))
      const facts: EntryBody[] = [{type: 'fact', name: `observed.${phase.name}.${server.name}`, value: result.seen}]
      // Only who looked says on what: what is carried over grows old from then on.
      if (carries !== undefined && earlier === undefined)
        facts.push({type: 'fact', name: basisName(phase, server), value: carries.basis(phase, server)})
      settle(server.name, earlier === undefined ? checks : carried(checks, earlier), result.ms, facts)
    })
  }
  const whole = phase.fleet
  if (whole !== undefined) {
    const result = await observed(phase, undefined, signal => whole.observe({...context, signal}, seen), context.signal)
    settle(
      undefined,
      result.ok ? judged(whole.evidence(result.seen), () => whole.judge(result.seen)) : [result.check],
      result.ms,
      result.ok ? [{type: 'fact', name: `observed.${phase.name}`, value: result.seen}] : [],
    )
  }
  return entries
}

type Observed = {ok: true; seen: unknown; ms: number} | {ok: false; check: Check; ms: number}

async function observed(
  phase: Phase,
  server: InstanceServer | undefined,
  observe: (signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Observed> {
  const beganAt = performance.now()
  const took = () => Math.round(performance.now() - beganAt)
  // What is not waited for any more must not go on asking either.
  const late = new AbortController()
  try {
    const seen = await withDeadline(
      () => observe(AbortSignal.any([signal, late.signal])),
      phase.deadlineMs(server?.settings),
      `phase ${phase.name}${server ? ` of ${server.name}` : ''}`,
    )
    return {ok: true, seen, ms: took()}
  } catch (thrown) {
    late.abort(thrown)
    // A cancelled run is no judgement about anything.
    signal.throwIfAborted()
    return {
      ok: false,
      ms: took(),
      check: {name: 'observed', verdict: 'error', detail: `could not be observed: ${explain(thrown)}`},
    }
  }
}

function judged({have, need, what}: Evidence, judge: () => Check[]): Check[] {
  const thin = (detail: string): Check[] => [
    {name: 'evidence', verdict: 'inconclusive', detail, value: have, limit: need},
  ]
  if (have < need) return thin(`${have} of ${need} ${what}: too little to judge`)
  try {
    const checks = judge()
    return checks.length > 0 ? checks : thin(`${have} ${what}, but no check came of it`)
  } catch (thrown) {
    return [{name: 'judged', verdict: 'error', detail: `could not be judged: ${explain(thrown)}`}]
  }
}

function carried(checks: readonly Check[], {run, at}: SeenEarlier): (Check & Pick<CheckEntry, 'carried'>)[] {
  return checks.map(check => {
    const detail = check.verdict === 'skip' ? check.detail : `${check.detail} (as run ${run} saw it)`
    return {...check, detail, carried: {run, at}}
  })
}

function toEntry(phase: string, server: string | undefined, {name, ...check}: Check, ms: number): CheckEntry {
  return {type: 'check', phase, check: `${phase}/${name}`, server, ...check, ms}
}

/** The entry of the fleet file that covers this check, whatever the verdict. */
export function acceptanceOf(
  check: Pick<CheckEntry, 'check' | 'server'>,
  accept: readonly Acceptance[],
): Acceptance | undefined {
  return accept.find(
    entry => entry.check === check.check && (entry.server === undefined || entry.server === check.server),
  )
}

function accepted(entry: CheckEntry, accept: readonly Acceptance[]): CheckEntry {
  if (entry.verdict !== 'fail') return entry
  const found = acceptanceOf(entry, accept)
  return found === undefined
    ? {...entry, acceptable: true}
    : {...entry, accepted: {reason: found.reason, until: found.until}}
}
