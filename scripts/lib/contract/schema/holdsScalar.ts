// The keywords on kinds, numbers and texts: whether each value of a case satisfies them for certain.
import type {JsonObject} from '../surface.ts'
import {attempt} from './attempt.ts'
import {countBounds, isMultiple, numberBounds} from './bounds.ts'
import {equalJson} from './equalJson.ts'
import {finiteValues} from './finiteValues.ts'
import {numberAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {matchesAll} from './runPattern.ts'
import type {SchemaCase} from './schemaCase.ts'
import {kindsOf, kindsOfType, valuesOf} from './types.ts'

export function holdsScalar(values: SchemaCase, keywords: JsonObject, prover: Prover): boolean {
  const allowed = kindsOfType(keywords)
  const listed = valuesOf(keywords)
  return attempt(values, prover, part => {
    const kinds = kindsOf(part)
    if (![...kinds].every(kind => allowed.has(kind))) return false
    if (listed !== undefined) {
      const all = finiteValues(part, prover)
      if (!all?.every(value => listed.some(one => equalJson(one, value)))) return false
    }
    const isNumber = kinds.has('integer') || kinds.has('fraction')
    return (
      (!isNumber || holdsNumber(part, keywords, kinds.has('fraction'))) &&
      (!kinds.has('string') || holdsText(part, keywords, prover))
    )
  })
}

function holdsNumber(part: SchemaCase, keywords: JsonObject, fractions: boolean): boolean {
  const {low, high, lowOpen, highOpen} = numberBounds(part, !fractions)
  const limit = (name: string, otherwise: number) => numberAt(keywords, name) ?? otherwise
  const [above, below] = [limit('exclusiveMinimum', -Infinity), limit('exclusiveMaximum', Infinity)]
  const unit = numberAt(keywords, 'multipleOf')
  return (
    low >= limit('minimum', -Infinity) &&
    high <= limit('maximum', Infinity) &&
    (above === -Infinity || low > above || (low === above && lowOpen)) &&
    (below === Infinity || high < below || (high === below && highOpen)) &&
    (unit === undefined || holdsMultiple(part, unit, fractions))
  )
}

// Where decimals are rounded, only the same unit is certain.
function holdsMultiple({parts}: SchemaCase, unit: number, fractions: boolean): boolean {
  if (!fractions && [1, 0.5, 0.25].includes(unit)) return true
  return parts.some(({keywords}) => {
    const other = numberAt(keywords, 'multipleOf')
    if (other === undefined) return false
    return other === unit || (Number.isInteger(other) && Number.isInteger(unit) && isMultiple(other, unit) === true)
  })
}

function holdsText(part: SchemaCase, keywords: JsonObject, prover: Prover): boolean {
  const {low, high} = countBounds(part, 'Length')
  if (low < (numberAt(keywords, 'minLength') ?? 0)) return false
  if (high > (numberAt(keywords, 'maxLength') ?? Infinity)) return false
  const says = (name: string, value: unknown) => part.parts.some(({keywords: own}) => ownMember(own, name) === value)
  const {pattern, format} = {pattern: ownMember(keywords, 'pattern'), format: ownMember(keywords, 'format')}
  if (typeof pattern === 'string' && !matchesAll(pattern) && !says('pattern', pattern)) {
    prover.doubt('whether one pattern lets through all that another does is not decided here')
    return false
  }
  if (format === undefined || says('format', format)) return true
  prover.doubt('some validators enforce a format and some do not')
  return false
}
