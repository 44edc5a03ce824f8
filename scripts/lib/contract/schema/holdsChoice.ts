// The keywords that combine schemas: whether each value of a case satisfies them for certain.
import type {Json} from '../surface.ts'
import {attempt} from './attempt.ts'
import {childOf, type SchemaNode} from './document.ts'
import {negationOf} from './negationOf.ts'
import {isObject, listAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {resolveFully} from './resolveReference.ts'
import {type SchemaCase, saysOnlyReference, schemaCase} from './schemaCase.ts'

export function holdsChoice(values: SchemaCase, node: SchemaNode, prover: Prover): boolean {
  const keywords = isObject(node.schema) ? node.schema : {}
  const has = (name: string) => Object.hasOwn(keywords, name)
  const child = (schema: Json) => childOf(node, schema)
  const holds = (part: SchemaCase, schema: Json) => prover.holds(part, child(schema))
  if (has('$dynamicRef') || has('$recursiveRef')) {
    prover.doubt('a dynamic reference means something else wherever it is used')
    return false
  }
  if (has('$ref') && !holdsReference(values, node, prover)) return false
  if (saysOnlyReference(node)) return true
  if (!listAt(keywords, 'allOf').every(schema => holds(values, schema))) return false

  const anyOf = listAt(keywords, 'anyOf')
  if (has('anyOf') && !attempt(values, prover, part => anyOf.some(schema => holds(part, schema)), true)) return false

  const oneOf = listAt(keywords, 'oneOf')
  const exactlyOne = (part: SchemaCase) =>
    oneOf.some(
      (schema, index) =>
        holds(part, schema) &&
        oneOf.every((other, at) => at === index || prover.isEmpty(schemaCase([child(other)], part))),
    )
  if (has('oneOf') && !attempt(values, prover, exactlyOne, true)) return false

  const no = ownMember(keywords, 'not')
  const apart = (part: SchemaCase) =>
    prover.isEmpty(schemaCase([child(no ?? false)], part)) || excludes(part, child(no ?? false), prover)
  if (no !== undefined && !attempt(values, prover, apart, true)) return false

  const condition = ownMember(keywords, 'if')
  if (condition === undefined) return true
  const [then, otherwise] = [ownMember(keywords, 'then') ?? true, ownMember(keywords, 'else') ?? true]
  const negated = (part: SchemaCase) => schemaCase([negationOf(child(condition), prover.make)], part)
  return (
    attempt(schemaCase([child(condition)], values), prover, part => prover.isEmpty(part) || holds(part, then), true) &&
    attempt(negated(values), prover, part => prover.isEmpty(part) || holds(part, otherwise), true)
  )
}

function holdsReference(values: SchemaCase, node: SchemaNode, prover: Prover): boolean {
  const target = resolveFully(node)
  if (target !== undefined) return prover.holds(values, target)
  const text = isObject(node.schema) ? ownMember(node.schema, '$ref') : undefined
  // Nothing is fetched; the same text is taken to mean the same, where it leads out of both documents.
  const both = values.parts.some(
    part => ownMember(part.keywords, '$ref') === text && resolveFully(part.node) === undefined,
  )
  if (both && typeof text === 'string' && !text.startsWith('#')) return true
  const isLocal = typeof text === 'string' && text.startsWith('#')
  const why = isLocal ? 'leads nowhere, or back to itself' : 'leads out of the schema, and nothing is fetched'
  prover.doubt(`the reference ${JSON.stringify(text)} ${why}`)
  return false
}

/** The case says `not` of something at least as wide. */
function excludes(values: SchemaCase, node: SchemaNode, prover: Prover): boolean {
  return values.parts.some(part => {
    const no = ownMember(part.keywords, 'not')
    return no !== undefined && prover.holds(schemaCase([node]), childOf(part.node, no))
  })
}
