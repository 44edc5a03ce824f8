// The schema that says `not` of another, at the same place of its document, where its references have a meaning.
import {childOf, type SchemaNode} from './document.ts'
import type {Prover} from './prover.ts'

/** The same schema gives the same node. */
export function negationOf(node: SchemaNode, make: Prover['make']): SchemaNode {
  if (typeof node.schema === 'boolean') return make(!node.schema)
  const {document} = node
  document.negations ??= new Map()
  const made = document.negations.get(node.id) ?? {not: node.schema}
  document.negations.set(node.id, made)
  return childOf(node, made)
}
