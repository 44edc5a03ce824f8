// The keywords on arrays: whether each array of a case satisfies them for certain.
import type {Json, JsonObject} from '../surface.ts'
import {attempt} from './attempt.ts'
import {countBounds} from './bounds.ts'
import {childOf, type SchemaNode} from './document.ts'
import {type ItemPlaces, itemAt, itemPlaces} from './itemPlaces.ts'
import {isObject, numberAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'
import {kindsOf} from './types.ts'

const keywordsOfArrays = [
  ...['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems'],
  ...['contains', 'minContains', 'maxContains', 'unevaluatedItems'],
]

export function holdsArray(values: SchemaCase, node: SchemaNode, prover: Prover): boolean {
  const keywords = isObject(node.schema) ? node.schema : {}
  if (!kindsOf(values).has('array') || !keywordsOfArrays.some(name => Object.hasOwn(keywords, name))) return true
  return attempt(values, prover, part => !kindsOf(part).has('array') || holdsEach(part, node, keywords, prover))
}

function holdsEach(part: SchemaCase, node: SchemaNode, keywords: JsonObject, prover: Prover): boolean {
  const {low, high} = lengthsOf(part)
  if (low < (numberAt(keywords, 'minItems') ?? 0)) return false
  if (high > (numberAt(keywords, 'maxItems') ?? Infinity)) return false
  const unique = part.parts.some(({keywords: own}) => own.uniqueItems === true)
  if (keywords.uniqueItems === true && !unique && high > 1) return false
  if ((ownMember(keywords, 'unevaluatedItems') ?? true) !== true && high > 0) {
    prover.doubt('what unevaluatedItems leaves over is not worked out here')
    return false
  }
  const places = itemPlaces(keywords)
  const last = lastPlace(part, places)
  for (let index = 0; index <= last && index < high; index++)
    if (!prover.holdsInside(itemCase(part, index), childOf(node, itemAt(places, index)))) return false
  const contains = ownMember(keywords, 'contains')
  return contains === undefined || holdsContains(part, node, contains, keywords, prover)
}

function holdsContains(
  part: SchemaCase,
  node: SchemaNode,
  contains: Json,
  keywords: JsonObject,
  prover: Prover,
): boolean {
  const {low, high} = lengthsOf(part)
  const [least, most] = [numberAt(keywords, 'minContains') ?? 1, numberAt(keywords, 'maxContains') ?? Infinity]
  const wanted = childOf(node, contains)
  const theirs = part.parts.flatMap(({node: own, keywords: said}) => {
    const schema = ownMember(said, 'contains')
    return schema === undefined ? [] : [{node: childOf(own, schema), said}]
  })
  const every = () =>
    [...Array(Math.min(lastPlace(part, {first: [], rest: true}) + 1, high)).keys()].every(index =>
      prover.holdsInside(itemCase(part, index), wanted),
    )
  const enough =
    least === 0 ||
    theirs.some(
      ({node: own, said}) =>
        (numberAt(said, 'minContains') ?? 1) >= least && prover.holdsInside(schemaCase([own]), wanted),
    ) ||
    (low >= least && every())
  const notTooMany =
    high <= most ||
    theirs.some(
      ({node: own, said}) =>
        (numberAt(said, 'maxContains') ?? Infinity) <= most && prover.holdsInside(schemaCase([wanted]), own),
    )
  return enough && notTooMany
}

/** The item at `index`, as all parts of the case describe it. */
export function itemCase({parts}: SchemaCase, index: number): SchemaCase {
  return schemaCase(parts.map(({node, keywords}) => childOf(node, itemAt(itemPlaces(keywords), index))))
}

/** How many items an array of the case can have. */
export function lengthsOf(part: SchemaCase): {low: number; high: number} {
  const {low, high} = countBounds(part, 'Items')
  const closed = part.parts.map(({keywords}) => itemPlaces(keywords)).filter(({rest}) => rest === false)
  return {low, high: Math.min(high, ...closed.map(({first}) => first.length))}
}

/** From this place on all items are described alike. */
function lastPlace({parts}: SchemaCase, places: ItemPlaces): number {
  return Math.max(places.first.length, ...parts.map(({keywords}) => itemPlaces(keywords).first.length))
}
