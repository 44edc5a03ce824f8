// Runs one phase over the servers of an instance: observes in parallel, journals what was seen, judges, records checks.

import {mapConcurrent} from '../lib/async/mapConcurrent.ts'
import {DeadlinePassed, withDeadline} from '../lib/async/withDeadline.ts'
import {explain} from '../lib/errors/explain.ts'
import type {Acceptance} from '../lib/fleet/schema.ts'
import type {CheckEntry, EntryBody} from '../lib/journal/entry.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import {basisName, type CarryOver, type SeenEarlier} from './carryOver.ts'
import {excused, judgeMachine} from './machine/overload.ts'
import type {MachineLoad, MachineWatch} from './machine/watchMachine.ts'
import type {Check, Evidence, Phase, PhaseContext} from './phase.ts'

export interface PhaseRun {
  phase: Phase
  context: PhaseContext
  accept: readonly Acceptance[]
  record: (...entries: EntryBody[]) => void
  /** Where what earlier runs saw may stand for a look of this one. */
  carryOver?: CarryOver | undefined
  /** The load of this machine; without it every time counts. */
  machine?: MachineWatch | undefined
}

// Observations mostly wait, some of them for a declared steady time; waves of fewer would wait for it again and again.
const serversAtOnce = 256

/** Records every check and returns them all. If an observation throws, that is `error`, never `fail`. */
export async function runPhase({phase, context, accept, record, carryOver, machine}: PhaseRun): Promise<CheckEntry[]> {
  const entries: CheckEntry[] = []
  const excusedChecks: CheckEntry[] = []
  const loads: MachineLoad[] = []
  const from = machine?.now()
  const seen = new Map<string, unknown>()
  // What was seen and what was judged of it go to the disk together.
  const settle = (
    server: string | undefined,
    checks: Check[],
    {ms, load}: {ms: number; load?: MachineLoad | undefined},
    facts: EntryBody[] = [],
  ) => {
    const judgements = checks.map(check => {
      const known = acceptanceOf({check: `${phase.name}/${check.name}`, server}, accept) !== undefined
      const measured = check.load ?? load
      const judged = known || measured === undefined ? check : excused(check, measured)
      const entry = accepted(toEntry(phase.name, server, judged, ms), accept)
      if (judged !== check) excusedChecks.push(entry)
      if (judged !== check && measured !== undefined) loads.push(measured)
      return entry
    })
    entries.push(...judgements)
    record(...facts, ...judgements)
  }
  if (phase.only === 'rehearsal' && !isRehearsal(context.instance)) {
    const detail = 'it would disturb its users, so it runs on a rehearsal only'
    settle(undefined, [{name: 'applies', verdict: 'skip', detail}], {ms: 0})
    return entries
  }
  const part = phase.server
  if (part !== undefined) {
    await mapConcurrent(context.servers, phase.serversAtOnce ?? serversAtOnce, async server => {
      const reason = part.skip?.(server.settings)
      if (reason !== undefined)
        return settle(server.name, [{name: 'applies', verdict: 'skip', detail: reason}], {ms: 0})
      const carries = phase.carries === true ? carryOver : undefined
      const earlier = carries?.find(phase, server)
      const observe = (signal: AbortSignal) => part.observe({...context, machine, signal}, server)
      const result: Observed =
        earlier === undefined
          ? await observed(phase, server, observe, {...context, machine})
          : {ok: true, seen: earlier.seen, ms: 0}
      if (!result.ok) return settle(server.name, [result.check], result)
      seen.set(server.name, result.seen)
      const checks = judged(part.evidence(result.seen), () => part.judge(result.seen, server.settings))
      const facts: EntryBody[] = [{type: 'fact', name: `observed.${phase.name}.${server.name}`, value: result.seen}]
      // Only who looked says on what: what is carried over grows old from then on.
      if (carries !== undefined && earlier === undefined)
        facts.push({type: 'fact', name: basisName(phase, server), value: carries.basis(phase, server)})
      settle(server.name, earlier === undefined ? checks : carried(checks, earlier), result, facts)
    })
  }
  const whole = phase.fleet
  if (whole !== undefined) {
    const result = await observed(phase, undefined, signal => whole.observe({...context, signal}, seen), {
      ...context,
      machine,
    })
    settle(
      undefined,
      result.ok ? judged(whole.evidence(result.seen), () => whole.judge(result.seen)) : [result.check],
      result,
      result.ok ? [{type: 'fact', name: `observed.${phase.name}`, value: result.seen}] : [],
    )
  }
  const [worst] = loads.toSorted((a, b) => b.load - a.load)
  if (machine !== undefined && from !== undefined)
    record({type: 'fact', name: `machine.${phase.name}`, value: machine.since(from)})
  if (worst !== undefined) {
    const check = judgeMachine(phase.name, excusedChecks, worst)
    entries.push(check)
    record(check)
  }
  return entries
}

type Observed = {load?: MachineLoad | undefined; ms: number} & ({ok: true; seen: unknown} | {ok: false; check: Check})

async function observed(
  phase: Phase,
  server: InstanceServer | undefined,
  observe: (signal: AbortSignal) => Promise<unknown>,
  {signal, machine, servers}: Pick<PhaseContext, 'signal' | 'servers'> & Pick<PhaseRun, 'machine'>,
): Promise<Observed> {
  const beganAt = performance.now()
  const from = machine?.now()
  const took = () => ({
    ms: Math.round(performance.now() - beganAt),
    load: from === undefined ? undefined : machine?.since(from),
  })
  // What is not waited for any more must not go on asking either.
  const late = new AbortController()
  try {
    const seen = await withDeadline(
      () => observe(AbortSignal.any([signal, late.signal])),
      phase.deadlineMs(server?.settings, servers.length),
      `phase ${phase.name}${server ? ` of ${server.name}` : ''}`,
    )
    return {ok: true, seen, ...took()}
  } catch (thrown) {
    late.abort(thrown)
    // A cancelled run is no judgement about anything.
    signal.throwIfAborted()
    return {
      ok: false,
      ...took(),
      check: {
        name: 'observed',
        verdict: 'error',
        detail: `could not be observed: ${explain(thrown)}`,
        byTime: thrown instanceof DeadlinePassed,
      },
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

function toEntry(
  phase: string,
  server: string | undefined,
  {name, byTime: _, load: __, ...check}: Check,
  ms: number,
): CheckEntry {
  return {type: 'check', phase, check: `${phase}/${name}`, server, ...check, ms}
}

/** The entry of the fleet file that covers this check, whatever the verdict. */
function acceptanceOf(
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
