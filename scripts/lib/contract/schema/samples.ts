// Makes values that a case may well hold, chosen near the limits that it and another schema set.
import type {Json} from '../surface.ts'
import {canonicalText} from './canonicalText.ts'
import {listAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {sampleArrays} from './sampleArrays.ts'
import {sampleObjects} from './sampleObjects.ts'
import {sampleNumbers, sampleTexts} from './sampleScalars.ts'
import type {Part, SchemaCase} from './schemaCase.ts'
import {splitByKind, splitCase} from './splitCase.ts'
import type {StandIns} from './standIns.ts'
import {kindsOf, valuesOf} from './types.ts'

export interface Sampling {
  prover: Prover
  standIns: StandIns
  /** Values of the case, those that the proof of the contrary is likely among first. */
  samples(values: SchemaCase, hints: readonly Part[], depth: number): Json[]
}

const mostParts = 24
const most = 80

export function makeSampling(prover: Prover, standIns: StandIns): Sampling {
  const sampling: Sampling = {prover, standIns, samples}
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

/** Whether it is certain that a value is in a case. */
export function isOf(values: SchemaCase, value: Json, prover: Prover): boolean {
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

function candidates(part: SchemaCase, hints: readonly Part[], depth: number, sampling: Sampling): Json[] {
  const kinds = kindsOf(part)
  const said = [...part.parts, ...hints]
  const given = said.flatMap(({keywords}) => [
    ...(valuesOf(keywords) ?? []),
    ...listAt(keywords, 'examples'),
    ...[ownMember(keywords, 'default')].filter(value => value !== undefined),
  ])
  const values: Json[] = given.slice(0, 60)
  if (kinds.has('null')) values.push(null)
  if (kinds.has('boolean')) values.push(false, true)
  if (kinds.has('integer') || kinds.has('fraction')) values.push(...sampleNumbers(said))
  if (kinds.has('string')) values.push(...sampleTexts(said))
  if (kinds.has('array')) values.push(...sampleArrays(part, hints, depth, sampling))
  if (kinds.has('object')) values.push(...sampleObjects(part, hints, depth, sampling))
  return values
}
