// Runs mutants, some at a time, each beside what its server is like unchanged, and scores them.
import {rmSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {mapConcurrent} from '../../scripts/lib/async/mapConcurrent.ts'
import {explain} from '../../scripts/lib/errors/explain.ts'
import type {Fault, Harmless, Mutant} from './mutant.ts'
import {type Baseline, runMutant} from './ranMutant.ts'
import {type Repetition, type Scored, score} from './score.ts'
import type {Workshop} from './stand.ts'
import {makeWorkshop} from './workshop.ts'

export interface ScoreMutants {
  mutants: readonly (Fault | Harmless)[]
  /** How often each one is run. */
  repeat: (mutant: Fault | Harmless) => number
  only?: readonly string[]
  signal: AbortSignal
  /** Called after each. */
  told?: (scored: Scored) => void
}

/** In the order of the list. */
export async function scoreMutants({mutants, repeat, only, signal, told}: ScoreMutants): Promise<Scored[]> {
  const workshop = await makeWorkshop(signal)
  try {
    const kinds = [...Map.groupBy(mutants, kindOf).values()].flatMap(([first]) => first ?? [])
    const baselines = new Map<string, Baseline>()
    await mapConcurrent(kinds, atOnce(), async mutant => {
      console.error(`unchanged: ${kindOf(mutant)}`)
      baselines.set(kindOf(mutant), await unchanged(mutant, workshop, only))
    })
    const scored = new Map<Mutant, Scored>()
    const scoreAll = (some: readonly (Fault | Harmless)[], many: number) =>
      mapConcurrent(some, many, async mutant => {
        const baseline = baselines.get(kindOf(mutant))
        const one = await scoreOne(mutant, baseline, {workshop, only, repetitions: repeat(mutant)})
        told?.(one)
        scored.set(mutant, one)
      })
    // Those of which a longest gap or a slope is judged have the machine to themselves, as in a run.
    await scoreAll(mutants.filter(isMeasured), atOnce())
    // The others wait for some of their time, for deadlines and for steadiness, which one more makes use of.
    await scoreAll(
      longestFirst(
        mutants.filter(mutant => !isMeasured(mutant)),
        repeat,
      ),
      atOnce() + 1,
    )
    return mutants.map(mutant => scored.get(mutant) as Scored)
  } finally {
    rmSync(workshop.preload, {force: true})
  }
}

const isMeasured = ({slow = [], underWitness = false}: Mutant) => slow.length > 0 || underWitness

/** What is repeated often begins first, so that no long one is left alone at the end. */
function longestFirst<One extends Fault | Harmless>(some: readonly One[], repeat: (mutant: One) => number): One[] {
  return some.toSorted((one, other) => repeat(other) - repeat(one))
}

const atOnce = () => Math.min(2, availableParallelism())

/** Mutants of one kind are held beside the same unchanged server. */
const kindOf = ({subject, slow = [], underWitness = false}: Mutant) => `${subject} ${slow.join()} ${underWitness}`

async function unchanged(mutant: Mutant, workshop: Workshop, only?: readonly string[]): Promise<Baseline> {
  const {subject, slow, underWitness} = mutant
  const change = {}
  // Its contract is what clients know.
  const first = await runMutant({mutant: {subject, change}, baseline: undefined, workshop, only: ['contract']})
  const {contract, fleet} = first
  const baseline = {contract, fleet, checks: []}
  const {checks} = await runMutant({mutant: {subject, change, slow, underWitness}, baseline, workshop, only})
  return {...baseline, checks}
}

async function scoreOne(
  mutant: Fault | Harmless,
  baseline: Baseline | undefined,
  {workshop, only, repetitions}: {workshop: Workshop; only?: readonly string[]; repetitions: number},
): Promise<Scored> {
  const runs: Repetition[] = []
  const checks = baseline?.checks ?? []
  try {
    while (runs.length < repetitions) runs.push(await runMutant({mutant, baseline, workshop, only}))
    return score(mutant, runs, checks)
  } catch (thrown) {
    workshop.signal.throwIfAborted()
    return score(mutant, runs, checks, explain(thrown))
  }
}
