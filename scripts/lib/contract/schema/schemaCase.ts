// Values described by several schemas at once, all of which hold: what a schema says with `$ref` and `allOf` taken apart.
import type {JsonObject} from '../surface.ts'
import {childOf, type SchemaNode} from './document.ts'
import {faultOf} from './faultOf.ts'
import {isObject, listAt, ownMember} from './ownMember.ts'
import {resolveFully} from './resolveReference.ts'

export interface Part {
  node: SchemaNode
  keywords: JsonObject
}

export interface SchemaCase {
  parts: readonly Part[]
  /** Holds for no value. */
  never: boolean
  /** Why nothing can be concluded from it. */
  fault?: string
  /** It says more than can be read here: another document, a dynamic reference. */
  partial: boolean
  /** Choices (`anyOf` and the like) that were made already, so that they are not made again. */
  chosen: ReadonlySet<string>
  /** Equal for equal cases. */
  key: string
}

interface Work {
  node: SchemaNode
  from?: Work
}

/** All of `nodes`, and all that `base` holds already. */
export function schemaCase(nodes: readonly SchemaNode[], base?: SchemaCase, choice?: string): SchemaCase {
  const parts = new Map((base?.parts ?? []).map(part => [part.node.id, part]))
  const seen = new Set<string>()
  const work: Work[] = nodes.map(node => ({node}))
  let {never, fault, partial} = base ?? {never: false, fault: undefined, partial: false}
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const {node} = item
    if (node.schema === true) continue
    if (node.schema === false) never = true
    fault ??= isCircle(item) ? 'a $ref leads back to itself' : faultOf(node)
    if (seen.has(node.id) || parts.has(node.id) || !isObject(node.schema) || fault !== undefined) continue
    seen.add(node.id)
    const further: SchemaNode[] = []
    if (Object.hasOwn(node.schema, '$ref')) {
      const target = resolveFully(node)
      if (target === undefined) partial = true
      else further.push(target)
    }
    if (Object.hasOwn(node.schema, '$dynamicRef') || Object.hasOwn(node.schema, '$recursiveRef')) partial = true
    if (!saysOnlyReference(node)) {
      parts.set(node.id, {node, keywords: node.schema})
      for (const schema of listAt(node.schema, 'allOf')) further.push(childOf(node, schema))
    }
    const from = item
    work.push(...further.map(next => ({node: next, from})))
  }
  const chosen = choice === undefined ? (base?.chosen ?? new Set<string>()) : new Set([...(base?.chosen ?? []), choice])
  const key = `${[...parts.keys()].sort().join()}|${[...chosen].sort().join()}|${never}${partial}${fault ?? ''}`
  return {parts: [...parts.values()], never, fault, partial, chosen, key}
}

/** In draft-07 nothing beside `$ref` counts. */
export function saysOnlyReference({schema, document}: SchemaNode): boolean {
  return document.dialect === 'draft-07' && isObject(schema) && ownMember(schema, '$ref') !== undefined
}

function isCircle({node, from}: Work): boolean {
  for (let at = from; at !== undefined; at = at.from) if (at.node === node) return true
  return false
}
