// Makes values that a case may well hold, chosen near the limits that it and another schema set.
import type {Json} from '../surface.ts'
import {canonicalText} from './canonicalText.ts'
import {listAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {sampleArrays} from './sampleArrays.ts'
import {sampleObjects} from './sampleObjects.ts'
import {sampleNumbers, sampleTexts} from './sampleScalars.ts'
import type {Sampling} from './sampling.ts'
import type {Part, SchemaCase} from './schemaCase.ts'
import {splitByKind, splitCase} from './splitCase.ts'
import type {StandIns} from './standIns.ts'
import {kindsOf, valuesOf} from './types.ts'

const mostParts = 24
const most = 80
const mostGiven = 40

export function makeSampling(prover: Prover, standIns: StandIns, isFocused: boolean): Sampling {
  const sampling: Sampling = {prover, standIns, isFocused, samples}
  return sampling

  function samples(values: SchemaCase, hints: readonly Part[], depth: number): Json[] {
    const found = new Map<string, Json>()
    for (const part of choicesOf(values, prover)) {
      for (const value of candidates(part, hints, depth, sampling)) {
        if (found.size >= most || !prover.spend()) return [...found.values()]
        const key = canonicalText(value)
        if (key === undefined || found.has(key)) continue
        if (isOf(values, value, prover)) found.set(key, value)
      }
    }
    return [...found.values()]
  }
}

/** The first value of the case that `isWanted`; undefined where none was found. */
export function findSample(
  values: SchemaCase,
  hints: readonly Part[],
  sampling: Sampling,
  isWanted: (value: Json) => boolean,
): Json | undefined {
  const {prover} = sampling
  for (const part of choicesOf(values, prover))
    for (const value of candidates(part, hints, 0, sampling)) {
      if (!prover.spend()) return undefined
      if (isWanted(value) && isOf(values, value, prover)) return value
    }
  return undefined
}

/** Whether it is certain that a value is in a case. */
function isOf(values: SchemaCase, value: Json, prover: Prover): boolean {
  return !values.partial && values.parts.every(({node}) => prover.accepts(node, value) === true)
}

/** The case with its choices made, in as many ways as are worth a look. */
function choicesOf(values: SchemaCase, prover: Prover): SchemaCase[] {
  let cases = [values]
  for (let round = 0; round < 6; round++) {
    const next = cases.flatMap(one => splitCase(one, prover.make) ?? [one]).filter(({never}) => !never)
    if (next.length > mostParts || next.length === cases.length) return next.slice(0, mostParts)
    cases = next
  }
  return cases.flatMap(one => splitByKind(one, prover.make) ?? [one]).slice(0, mostParts)
}

function* candidates(part: SchemaCase, hints: readonly Part[], depth: number, sampling: Sampling): Generator<Json> {
  const kinds = kindsOf(part)
  const said = [...part.parts, ...hints]
  for (const {keywords} of said) {
    yield* (valuesOf(keywords) ?? []).slice(0, mostGiven)
    yield* listAt(keywords, 'examples').slice(0, mostGiven)
    const given = ownMember(keywords, 'default')
    if (given !== undefined) yield given
  }
  if (kinds.has('null')) yield null
  if (kinds.has('boolean')) yield* [false, true]
  if (kinds.has('integer') || kinds.has('fraction')) yield* sampleNumbers(said)
  if (kinds.has('string')) yield* sampleTexts(said)
  if (kinds.has('array')) yield* sampleArrays(part, hints, depth, sampling)
  if (kinds.has('object')) yield* sampleObjects(part, hints, depth, sampling)
}
