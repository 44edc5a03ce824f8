// When this machine was too busy for a measured time to say anything of a server, and what becomes of such a check.
import type {CheckEntry} from '../../lib/journal/entry.ts'
import type {Check} from '../phase.ts'
import type {MachineLoad} from './watchMachine.ts'

// Beyond so many ready tasks a core, whatever runs here waits longer for the processor than it works.
const tasksPerCore = 2
const stolenAtMost = 0.25
const ownWorkAtMost = 0.9

/** What kept this machine from measuring; undefined when it could. */
export function overload({load, cores, stolen = 0, ownWork}: MachineLoad): string | undefined {
  const on = `${cores} core${cores === 1 ? '' : 's'}`
  if (load / cores > tasksPerCore) return `this machine is overloaded (load ${Math.round(load)} on ${on})`
  if (stolen > stolenAtMost)
    return `this machine is overloaded (${Math.round(stolen * 100)} % of its processor time went to other machines)`
  if (ownWork > ownWorkAtMost) return `the checker itself was busy (${Math.round(ownWork * 100)} % of its time)`
  return undefined
}

/** A check that failed by time alone, on a machine that was too busy: it is not held against the server. */
export function excused(check: Check, load: MachineLoad): Check {
  const {name, verdict, detail, value, limit, unit, evidence, byTime} = check
  if (byTime !== true || verdict === 'pass' || verdict === 'skip') return check
  const busy = overload(load)
  if (busy === undefined) return check
  return {name, verdict: 'skip', detail: `not judged, since ${busy}: ${detail}`, value, limit, unit, evidence}
}

/** One check for all that were excused in a phase: no evidence is never a pass, and many servers are one cause. */
export function judgeMachine(
  phase: string,
  checks: readonly Pick<CheckEntry, 'check' | 'server'>[],
  load: MachineLoad,
): CheckEntry {
  const name = 'machine'
  const servers = [...new Set(checks.flatMap(({server}) => server ?? []))]
  const names = [...new Set(checks.map(({check}) => check))]
  const on = servers.length === 0 ? '' : ` of ${servers.length} server${servers.length === 1 ? '' : 's'}`
  return {
    type: 'check',
    phase,
    check: `${phase}/${name}`,
    verdict: 'inconclusive',
    detail: `${overload(load)}: the times${on} say nothing (${names.join(', ')})`,
    value: load.load,
    limit: load.cores * tasksPerCore,
    unit: 'ready tasks',
    remedy: 'run it again when less runs here; see what does: top, or uptime',
    evidence: servers.length === 0 ? undefined : servers.join(', '),
  }
}
