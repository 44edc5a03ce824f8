// Members that no schema of the case names: whether each of them is let through for certain.
import type {Json, JsonObject} from '../surface.ts'
import {childOf, type SchemaNode} from './document.ts'
import {objectAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {matchesAll} from './runPattern.ts'
import {type Part, type SchemaCase, schemaCase} from './schemaCase.ts'

/**
 * Every name that is told of is looked at by itself elsewhere. The others are told apart by the patterns that they match: those
 * of `node`, for its `patternProperties`, and those of the case, for its `additionalProperties`.
 */
export function holdsOtherMembers(
  {parts}: SchemaCase,
  node: SchemaNode,
  keywords: JsonObject,
  prover: Prover,
): boolean {
  const patterns = objectAt(keywords, 'patternProperties')
  const matching = Object.entries(patterns).every(([pattern, schema]) =>
    prover.holdsInside(schemaCase(parts.flatMap(part => saidOf(part, pattern))), childOf(node, schema)),
  )
  const rest = ownMember(keywords, 'additionalProperties') ?? true
  if (!matching || rest === true || Object.keys(patterns).some(matchesAll)) return matching
  const theirs = new Set(parts.flatMap(({keywords: own}) => Object.keys(objectAt(own, 'patternProperties'))))
  const others = [...theirs].filter(pattern => !Object.hasOwn(patterns, pattern))
  const wanted = childOf(node, rest)
  const withNone = schemaCase(parts.flatMap(part => child(part, ownMember(part.keywords, 'additionalProperties'))))
  return (
    prover.holdsInside(withNone, wanted) &&
    others.every(pattern =>
      prover.holdsInside(
        schemaCase(parts.flatMap(part => saidOf(part, pattern, name => Object.hasOwn(patterns, name)))),
        wanted,
      ),
    )
  )
}

/**
 * What a part says of a name that matches `pattern`: under the same pattern, or of all others when it knows no pattern but
 * those that the name is known not to match. Else nothing, which is rather too wide.
 */
function saidOf(part: Part, pattern: string, isUnmatched = (_pattern: string) => false): SchemaNode[] {
  const patterns = objectAt(part.keywords, 'patternProperties')
  const own = ownMember(patterns, pattern)
  if (own !== undefined) return child(part, own)
  const isRest = Object.keys(patterns).every(isUnmatched)
  return isRest ? child(part, ownMember(part.keywords, 'additionalProperties')) : []
}

function child({node}: Part, schema: Json | undefined): SchemaNode[] {
  return schema === undefined ? [] : [childOf(node, schema)]
}
