// Whether one JSON Schema describes everything that another one does: yes with certainty, no with an example, or unknown.
import type {Json} from '../surface.ts'
import {openDocument, rootOf} from './document.ts'
import {exampleText} from './exampleText.ts'
import {hintsOf} from './hintsOf.ts'
import {makeProver} from './makeProver.ts'
import {findSample, makeSampling} from './samples.ts'
import {schemaCase} from './schemaCase.ts'
import {makeStandIns} from './standIns.ts'

export type Inclusion =
  | {answer: 'yes'}
  /** `example` is the text of a value of the one that is none of the other; `…` stands for some good value. */
  | {answer: 'no'; example: string}
  /** Every value is let through, but a member that may be sent is not told of any more. */
  | {answer: 'unheard'}
  | {answer: 'unknown'; why: string}

export interface IncludesOptions {
  /** Shared by several questions; what is left when it is spent is unknown. */
  budget: {steps: number}
  /** Members that may be sent must be ones that `wide` tells of. */
  mustKnowMembers: boolean
  /** Only whether it is certain: what is not is unknown, and no example is looked for. */
  isProofEnough?: boolean
}

// A question has its share, so that one hard schema does not leave the others unanswered.
const proofSteps = 6000
const exampleSteps = 8000

/**
 * Whether every value of `narrow` is one of `wide`. Objects of `narrow` have only the members that it tells of, unless it
 * says otherwise; see `describedNames`. Nothing is fetched, no pattern runs for long, and no nesting is too deep.
 */
export function includes(
  wide: Json,
  narrow: Json,
  {budget, mustKnowMembers, isProofEnough}: IncludesOptions,
): Inclusion {
  const [ours, theirs] = [rootOf(openDocument(narrow, 'n')), rootOf(openDocument(wide, 'w'))]
  const values = schemaCase([ours])
  const doubts: string[] = []
  const standIns = makeStandIns()
  const alike = new Map<string, boolean>()
  const ask = (steps: number, knowMembers: boolean, doubt: (reason: string) => void) => {
    const share = {steps: Math.min(steps, budget.steps)}
    const given = share.steps
    const prover = makeProver({
      budget: share,
      mustKnowMembers: knowMembers,
      standIn: value => standIns.answer((one, other) => prover.same(one, other))(value),
      doubt,
      alike,
    })
    const settle = () => {
      budget.steps -= given - Math.max(0, share.steps)
    }
    return {prover, settle}
  }

  const proof = ask(proofSteps, mustKnowMembers, reason => doubts.push(reason))
  const holds = proof.prover.holdsInside(values, theirs)
  proof.settle()
  if (holds) return {answer: 'yes'}
  const why = doubts[0] ?? 'there is neither a proof that it fits nor an example that does not'
  if (isProofEnough === true) return {answer: 'unknown', why}

  for (const isFocused of [true, false]) {
    const search = ask(exampleSteps, false, () => undefined)
    const {prover} = search
    const found = findSample(
      values,
      hintsOf(theirs),
      makeSampling(prover, standIns, isFocused),
      value => prover.accepts(theirs, value) === false,
    )
    search.settle()
    if (found !== undefined) return {answer: 'no', example: exampleText(found, standIns.isStandIn)}
  }

  if (mustKnowMembers) {
    const again = ask(proofSteps, false, () => undefined)
    const letThrough = again.prover.holdsInside(values, theirs)
    again.settle()
    if (letThrough) return {answer: 'unheard'}
  }
  return {answer: 'unknown', why}
}
