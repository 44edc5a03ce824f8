// The keywords that speak of arrays, asked of one array.
import type {Json, JsonObject} from '../surface.ts'
import {type Answer, countBetween, every, not} from './answer.ts'
import {itemAt, itemPlaces} from './itemPlaces.ts'
import {numberAt, ownMember} from './ownMember.ts'

const longest = 300

export function acceptsArray(
  keywords: JsonObject,
  value: readonly Json[],
  inside: (schema: Json, item: Json) => Answer,
  same: (one: Json, other: Json) => Answer,
): Answer {
  if (value.length > longest) return undefined
  const places = itemPlaces(keywords)
  const contains = ownMember(keywords, 'contains')
  const found = contains === undefined ? [] : value.map(item => inside(contains, item))
  return every([
    value.length >= (numberAt(keywords, 'minItems') ?? 0),
    value.length <= (numberAt(keywords, 'maxItems') ?? Infinity),
    ...value.map((item, index) => inside(itemAt(places, index), item)),
    contains === undefined ||
      countBetween(found, numberAt(keywords, 'minContains') ?? 1, numberAt(keywords, 'maxContains') ?? Infinity),
    keywords.uniqueItems !== true || every(pairs(value).map(([one, other]) => not(same(one, other)))),
    (ownMember(keywords, 'unevaluatedItems') ?? true) === true || value.length === 0 ? true : undefined,
  ])
}

function pairs(value: readonly Json[]): [Json, Json][] {
  return value.flatMap((one, index) => value.slice(index + 1).map(other => [one, other] as [Json, Json]))
}
