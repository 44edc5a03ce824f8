// Which members of an object a schema tells of. Whoever sends an object is taken to send no others, unless it says so.
import type {JsonObject} from '../surface.ts'
import {childOf, type SchemaNode} from './document.ts'
import {isObject, listAt, namesAt, objectAt, ownMember} from './ownMember.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'
import {kindsOf} from './types.ts'

export interface Described {
  names: ReadonlySet<string>
  /** Members of any name may be there: it says so, or tells of none at all, or says more than can be read. */
  open: boolean
}

const alternatives = ['anyOf', 'oneOf']
const single = ['if', 'then', 'else']
const deepest = 4

/** Looks into every alternative too: what one of them tells of is described. */
export function describedNames(values: SchemaCase): Described {
  const names = new Set<string>()
  const seen = new Set<string>()
  const work: SchemaCase[] = [values]
  let open = false
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (at.partial || at.fault !== undefined) open = true
    for (const {node, keywords} of at.parts) {
      if (seen.has(node.id)) continue
      seen.add(node.id)
      const own = namesTold(keywords)
      for (const name of own) names.add(name)
      const rest = ownMember(keywords, 'additionalProperties')
      if ((rest ?? false) !== false || Object.hasOwn(keywords, 'patternProperties')) open = true
      if ((ownMember(keywords, 'unevaluatedProperties') ?? false) !== false) open = true
      work.push(...inner(node, keywords).map(child => schemaCase([child])))
    }
  }
  return {names, open: open || !tells(values, 0)}
}

/** Whether it names members, by itself or in each of its alternatives that may be an object. */
function tells(values: SchemaCase, depth: number): boolean {
  if (values.fault !== undefined || depth > deepest) return false
  return values.parts.some(
    ({node, keywords}) =>
      Object.hasOwn(keywords, 'properties') ||
      ownMember(keywords, 'additionalProperties') === false ||
      alternatives.some(name => {
        const branches = listAt(keywords, name).map(schema => schemaCase([childOf(node, schema)]))
        const objects = branches.filter(branch => kindsOf(branch).has('object'))
        return objects.length > 0 && objects.every(branch => tells(branch, depth + 1))
      }),
  )
}

function namesTold(keywords: JsonObject): string[] {
  const dependent = Object.entries(objectAt(keywords, 'dependentRequired'))
  return [
    ...['properties', 'dependentSchemas', 'dependencies'].flatMap(name => Object.keys(objectAt(keywords, name))),
    ...namesAt(keywords, 'required'),
    ...dependent.flatMap(([name, others]) => [name, ...(Array.isArray(others) ? others : [])]).filter(isText),
  ]
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function inner(node: SchemaNode, keywords: JsonObject): SchemaNode[] {
  const schemas = [
    ...alternatives.flatMap(name => listAt(keywords, name)),
    ...single.flatMap(name => ownMember(keywords, name) ?? []),
    ...Object.values(objectAt(keywords, 'dependentSchemas')),
    ...Object.values(objectAt(keywords, 'dependencies')).filter(isObject),
  ]
  return schemas.map(schema => childOf(node, schema))
}
