// Decides whether all values of one schema are values of another: certain, or not certain.

import {makeAccepts, type StandIn} from './accepts.ts'
import {canonicalText} from './canonicalText.ts'
import {describedNames} from './describedNames.ts'
import {nodeOf, openDocument, type SchemaNode} from './document.ts'
import {faultOf} from './faultOf.ts'
import {finiteValues} from './finiteValues.ts'
import {holdsArray} from './holdsArray.ts'
import {holdsChoice} from './holdsChoice.ts'
import {holdsObject} from './holdsObject.ts'
import {holdsScalar} from './holdsScalar.ts'
import {isEmptyCase} from './isEmptyCase.ts'
import {memberCase} from './memberCase.ts'
import {isObject} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {sameSchema} from './sameSchema.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'
import {kindsOf} from './types.ts'

export interface ProverOptions {
  /** Steps that may be taken. Whatever would need more is not certain. */
  budget: {steps: number}
  /** A member that is sent must be one that the other side tells of. */
  mustKnowMembers: boolean
  standIn: StandIn
  doubt(reason: string): void
  /** Pairs of schemas that were compared already, by their ids. */
  alike: Map<string, boolean>
}

const deepest = 60

interface Running {
  index: number
  level: number
}

export function makeProver({budget, mustKnowMembers, standIn, doubt, alike}: ProverOptions): Prover {
  const running = new Map<string, Running>()
  const known = new Map<string, boolean>()
  const made = openDocument({}, 'made')
  const ours = new Map<string, SchemaNode>()
  let lowest = Number.POSITIVE_INFINITY
  let level = 0
  let emptyDepth = 0

  const prover: Prover = {
    holds: (values, node) => remembered(values, node),
    holdsInside(values, node) {
      level++
      const answer = knowsMembers(values, node) && remembered(values, node)
      level--
      return answer
    },
    isEmpty(values) {
      if (values.never) return true
      if (values.fault !== undefined || emptyDepth > 6 || !prover.spend()) return false
      emptyDepth++
      const answer = isEmptyCase(values, prover)
      emptyDepth--
      return answer
    },
    same(one, other) {
      const key = `${one.id}=${other.id}`
      const answer = alike.get(key) ?? sameSchema(one, other, prover.spend)
      alike.set(key, answer)
      return answer
    },
    accepts: makeAccepts({spend: () => prover.spend(), standIn}),
    make(schema) {
      const text = canonicalText(schema) ?? ''
      const node = ours.get(text) ?? nodeOf(made, schema)
      ours.set(text, node)
      return node
    },
    spend() {
      budget.steps--
      if (budget.steps < 0) doubt('the budget of comparisons is spent')
      return budget.steps >= 0
    },
    doubt,
  }
  return prover

  /**
   * A question that comes again while it is being answered holds when it is about a part of the value: values are finite,
   * so that this is an induction over their size. Asked of the value itself it is a circle that shows nothing.
   */
  function remembered(values: SchemaCase, node: SchemaNode): boolean {
    const key = `${values.key}>${node.id}`
    const answered = known.get(key)
    if (answered !== undefined) return answered
    const before = running.get(key)
    if (before !== undefined && level > before.level) {
      lowest = Math.min(lowest, before.index)
      return true
    }
    if (before !== undefined || running.size >= deepest) {
      doubt(before === undefined ? `it is nested deeper than ${deepest} levels` : 'it refers to itself')
      return false
    }
    const outer = lowest
    const index = running.size
    lowest = Number.POSITIVE_INFINITY
    running.set(key, {index, level})
    const answer = decide(values, node)
    running.delete(key)
    // An answer that rests on a question still open is not kept.
    const rests = lowest < index
    if (!answer || !rests) known.set(key, answer)
    lowest = rests ? Math.min(outer, lowest) : outer
    return answer
  }

  function decide(values: SchemaCase, node: SchemaNode): boolean {
    if (node.schema === true || values.never) return true
    const fault = values.fault ?? faultOf(node)
    if (values.parts.some(part => prover.same(part.node, node))) return true
    if (fault !== undefined) doubt(fault)
    if (fault !== undefined || !prover.spend()) return false
    if (node.schema === false || !isObject(node.schema)) return prover.isEmpty(values)
    const all = finiteValues(values, prover)
    if (all !== undefined) return all.every(value => prover.accepts(node, value) === true)
    if (kindsOf(values).size === 0) return true
    return (
      (holdsChoice(values, node, prover) &&
        holdsScalar(values, node.schema, prover) &&
        holdsArray(values, node, prover) &&
        holdsObject(values, node, prover)) ||
      prover.isEmpty(values)
    )
  }

  function knowsMembers(values: SchemaCase, node: SchemaNode): boolean {
    if (!mustKnowMembers || !kindsOf(values).has('object')) return true
    const other = describedNames(schemaCase([node]))
    if (other.open) return true
    const described = describedNames(values)
    const strangers = [...described.names].filter(name => !other.names.has(name))
    return strangers.every(name => {
      const member = memberCase(values, name, described)
      return member === undefined || prover.isEmpty(member)
    })
  }
}
