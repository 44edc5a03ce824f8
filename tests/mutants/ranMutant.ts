// Runs the phases over a stand of one mutant, and tells what each check said and how long each phase took.
import type {Contract} from '../../scripts/lib/contract/contract.ts'
import type {CheckEntry} from '../../scripts/lib/journal/entry.ts'
import {entriesOf, fact} from '../../scripts/lib/journal/facts.ts'
import {phasesOf} from '../../scripts/phases/index.ts'
import type {Phase} from '../../scripts/phases/phase.ts'
import {runPhases} from '../../scripts/phases/runPhases.ts'
import {local} from '../../scripts/targets/local.ts'
import type {Mutant} from './mutant.ts'
import {makeStand, type Stand, type Workshop} from './stand.ts'

/** What is on record of the unchanged server. */
export interface Baseline {
  contract: Contract | undefined
  checks: CheckEntry[]
  fleet: Stand['fleet']
}

export interface Ran {
  checks: CheckEntry[]
  /** By phase; `start` is building, starting and waiting until it is ready. */
  ms: Record<string, number>
  contract: Contract | undefined
  fleet: Stand['fleet']
}

export interface RunMutant {
  mutant: Pick<Mutant, 'subject' | 'change' | 'slow' | 'underWitness'>
  baseline: Baseline | undefined
  workshop: Workshop
  /** Only the phases of these names, where any are given. */
  only?: readonly string[]
}

const earlier = 'a'.repeat(64)

export async function runMutant({mutant, baseline, workshop, only = []}: RunMutant): Promise<Ran> {
  const beganAt = performance.now()
  await using stand = await makeStand(mutant, workshop)
  const ms: Record<string, number> = {start: performance.now() - beganAt}
  if (baseline !== undefined) await remember(stand, baseline, mutant)
  const ready = entriesOf(stand.entries, 'check').every(
    ({check, verdict}) => check !== 'deploy/ready' || verdict === 'pass',
  )
  // What does not come up is judged there; a run ends with it.
  for (const phase of ready ? wanted(await phasesOf([]), mutant, only) : []) {
    const startedAt = performance.now()
    await runPhases(stand.step, local, [phase])
    ms[phase.name] = performance.now() - startedAt
  }
  return {
    checks: entriesOf(stand.entries, 'check'),
    ms,
    contract: fact<{place: {contract?: Contract}}>(stand.entries, 'observed.contract.one')?.place.contract,
    fleet: stand.fleet,
  }
}

function wanted(
  phases: readonly Phase[],
  {slow = [], underWitness}: RunMutant['mutant'],
  only: readonly string[],
): Phase[] {
  return phases.filter(({name, slow: isSlow}) => {
    if (only.length > 0 && !only.includes(name)) return false
    if (underWitness === true) return name === 'continuity'
    // What is about a slow phase needs no more than that, and what the fleet file alone can tell.
    if (slow.length > 0) return name === 'configuration' || (slow as readonly string[]).includes(name)
    return name !== 'continuity' && isSlow !== true
  })
}

/** The unchanged server is the last verified release, whose clients are out there. */
async function remember(
  {step, release}: Stand,
  {contract, fleet}: Baseline,
  {change}: RunMutant['mutant'],
): Promise<void> {
  const at = '2026-01-01T00:00:00.000Z'
  await step.records.setRelease({
    release: earlier,
    fleet: fleet.name,
    servers: Object.fromEntries(
      [...fleet.servers.map(({name}) => name), ...(change.gone ? [change.gone] : [])].map(name => [name, '1']),
    ),
    placedAt: at,
    rehearsals: [],
    deployed: {fleet, run: 'earlier', at},
    verified: {run: 'earlier', at, order: 1},
  })
  if (contract === undefined) return
  await step.records.setContract(earlier, contract)
  if (change.recorded) await step.records.setContract(release.digest, contract)
}
