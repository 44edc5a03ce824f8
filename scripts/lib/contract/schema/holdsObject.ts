// The keywords on objects: whether each object of a case satisfies them for certain.
import type {JsonObject} from '../surface.ts'
import {attempt} from './attempt.ts'
import {countBounds} from './bounds.ts'
import {type Described, describedNames} from './describedNames.ts'
import {childOf, type SchemaNode} from './document.ts'
import {holdsOtherMembers} from './holdsOtherMembers.ts'
import {memberCase, memberSchemas} from './memberCase.ts'
import {isObject, namesAt, numberAt, objectAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'
import {demands} from './splitCase.ts'
import {kindsOf} from './types.ts'

const keywordsOfObjects = [
  ...['properties', 'patternProperties', 'additionalProperties', 'required', 'minProperties', 'maxProperties'],
  ...['propertyNames', 'dependentRequired', 'dependentSchemas', 'dependencies', 'unevaluatedProperties'],
]

export function holdsObject(values: SchemaCase, node: SchemaNode, prover: Prover): boolean {
  const keywords = isObject(node.schema) ? node.schema : {}
  if (!kindsOf(values).has('object') || !keywordsOfObjects.some(name => Object.hasOwn(keywords, name))) return true
  return attempt(values, prover, part => {
    if (!kindsOf(part).has('object')) return true
    const described = describedNames(part)
    return (
      holdsCounts(part, keywords, described, prover) &&
      holdsNames(part, node, keywords, described, prover) &&
      holdsMembers(part, node, keywords, described, prover) &&
      (!described.open || holdsOtherMembers(part, node, keywords, prover)) &&
      holdsDependencies(part, node, keywords, described, prover)
    )
  })
}

function holdsCounts(part: SchemaCase, keywords: JsonObject, described: Described, prover: Prover): boolean {
  const {low, high} = countBounds(part, 'Properties')
  const names = [...described.names]
  const demanded = names.filter(name => demands(part, name)).length
  const possible = described.open ? Infinity : names.filter(name => memberCase(part, name, described)).length
  if (Math.max(low, demanded) < (numberAt(keywords, 'minProperties') ?? 0)) return false
  if (Math.min(high, possible) > (numberAt(keywords, 'maxProperties') ?? Infinity)) return false
  if ((ownMember(keywords, 'unevaluatedProperties') ?? true) !== true) {
    prover.doubt('what unevaluatedProperties leaves over is not worked out here')
    return false
  }
  return namesAt(keywords, 'required').every(name => demands(part, name))
}

function holdsNames(
  part: SchemaCase,
  node: SchemaNode,
  keywords: JsonObject,
  described: Described,
  prover: Prover,
): boolean {
  const schema = ownMember(keywords, 'propertyNames')
  if (schema === undefined) return true
  const wanted = childOf(node, schema)
  if (!described.open)
    return [...described.names].every(
      name => memberCase(part, name, described) === undefined || prover.accepts(wanted, name) === true,
    )
  const theirs = part.parts.flatMap(({node: own, keywords: said}) => {
    const names = ownMember(said, 'propertyNames')
    return names === undefined ? [] : [childOf(own, names)]
  })
  return prover.holdsInside(schemaCase([prover.make({type: 'string'}), ...theirs]), wanted)
}

function holdsMembers(
  part: SchemaCase,
  node: SchemaNode,
  keywords: JsonObject,
  described: Described,
  prover: Prover,
): boolean {
  const names = new Set([...described.names, ...Object.keys(objectAt(keywords, 'properties'))])
  return [...names].every(name => {
    const member = memberCase(part, name, described)
    if (member === undefined) return true
    const {schemas, sure} = memberSchemas(keywords, name)
    if (!sure) prover.doubt(`whether a pattern matches the name ${JSON.stringify(name)} is not decided here`)
    return sure && schemas.every(schema => prover.holdsInside(member, childOf(node, schema)))
  })
}

function holdsDependencies(
  part: SchemaCase,
  node: SchemaNode,
  keywords: JsonObject,
  described: Described,
  prover: Prover,
): boolean {
  return ['dependentRequired', 'dependentSchemas', 'dependencies'].every(keyword =>
    Object.entries(objectAt(keywords, keyword)).every(([name, needs]) => {
      if (memberCase(part, name, described) === undefined) return true
      const given = schemaCase([prover.make({type: 'object', required: [name]})], part)
      if (!Array.isArray(needs)) return prover.holds(given, childOf(node, needs)) || prover.isEmpty(given)
      return needs.every(needed => demands(given, String(needed))) || prover.isEmpty(given)
    }),
  )
}
