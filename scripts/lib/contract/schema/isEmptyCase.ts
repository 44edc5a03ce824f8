// Whether it is certain that no value satisfies all schemas of a case.
import {countBounds, numberBounds} from './bounds.ts'
import {childOf} from './document.ts'
import {finiteValues} from './finiteValues.ts'
import {itemCase, lengthsOf} from './holdsArray.ts'
import {memberCase} from './memberCase.ts'
import {namesAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import type {SchemaCase} from './schemaCase.ts'
import {splitCase} from './splitCase.ts'
import {type Kind, kindsOf} from './types.ts'

export function isEmptyCase(values: SchemaCase, prover: Prover): boolean {
  const all = finiteValues(values, prover)
  if (all !== undefined) return all.length === 0
  if ([...kindsOf(values)].every(kind => isEmptyKind(values, kind, prover))) return true
  const isExcluded = values.parts.some(({node, keywords}) => {
    const no = ownMember(keywords, 'not')
    return no !== undefined && prover.holds(values, childOf(node, no))
  })
  return isExcluded || (splitCase(values, prover.make)?.every(part => prover.isEmpty(part)) ?? false)
}

function isEmptyKind(values: SchemaCase, kind: Kind, prover: Prover): boolean {
  if (kind === 'integer' || kind === 'fraction') {
    const {low, high, lowOpen, highOpen} = numberBounds(values, kind === 'integer')
    return low > high || (low === high && (lowOpen || highOpen))
  }
  if (kind === 'string') {
    const {low, high} = countBounds(values, 'Length')
    return low > high
  }
  if (kind === 'array') {
    const {low, high} = lengthsOf(values)
    return low > high || (low > 0 && prover.isEmpty(itemCase(values, 0)))
  }
  if (kind !== 'object') return false
  const {low, high} = countBounds(values, 'Properties')
  const demanded = new Set(values.parts.flatMap(({keywords}) => namesAt(keywords, 'required')))
  if (low > high || demanded.size > high) return true
  return [...demanded].some(name => {
    const member = memberCase(values, name, {names: demanded, open: true})
    return member === undefined || prover.isEmpty(member)
  })
}
