// What is wrong anywhere in a schema document: validators refuse the whole of it, also where nothing uses the wrong part.
import type {Json, JsonObject} from '../surface.ts'
import {childOf, openDocument, rootOf, type SchemaNode} from './document.ts'
import {faultOf} from './faultOf.ts'
import {isObject, listAt, objectAt, ownMember} from './ownMember.ts'
import {resolveFully} from './resolveReference.ts'

const single = [
  ...['not', 'if', 'then', 'else', 'contains', 'additionalItems', 'additionalProperties', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'items'],
]
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']
const maps = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']

/** The first fault found, or undefined. */
export function documentFault(root: Json): string | undefined {
  const work: SchemaNode[] = [rootOf(openDocument(root, ''))]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    const fault = faultOf(node) ?? (isObject(node.schema) ? brokenText(node, node.schema) : undefined)
    if (fault !== undefined) return fault
    const {schema} = node
    if (isObject(schema)) for (const inner of subschemas(schema)) work.push(childOf(node, inner))
  }
  return undefined
}

function subschemas(schema: JsonObject): Json[] {
  return [
    ...single.flatMap(name => ownMember(schema, name) ?? []),
    ...lists.flatMap(name => listAt(schema, name)),
    ...maps.flatMap(name => Object.values(objectAt(schema, name))),
    ...Object.values(objectAt(schema, 'dependencies')).filter(inner => !Array.isArray(inner)),
  ]
}

function brokenText(node: SchemaNode, schema: JsonObject): string | undefined {
  const [reference, pattern] = [ownMember(schema, '$ref'), ownMember(schema, 'pattern')]
  if (typeof reference === 'string' && reference.startsWith('#') && !node.foreign && resolveFully(node) === undefined)
    return `the reference ${JSON.stringify(reference)} leads nowhere, or back to itself`
  const patterns = [
    ...(typeof pattern === 'string' ? [pattern] : []),
    ...Object.keys(objectAt(schema, 'patternProperties')),
  ]
  const broken = patterns.find(text => !isPattern(text))
  return broken === undefined ? undefined : `the pattern ${JSON.stringify(broken)} cannot be read`
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    // The pattern of a server, which the caller names.
    return false
  }
}
