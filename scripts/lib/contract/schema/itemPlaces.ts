// Which schema speaks of which item of an array, in both dialects.
import type {Json, JsonObject} from '../surface.ts'
import {listAt, ownMember} from './ownMember.ts'

export interface ItemPlaces {
  /** One schema for each of the first items. */
  first: readonly Json[]
  /** For all that follow. */
  rest: Json
}

/** `prefixItems` and `items`, or the list `items` and `additionalItems` of draft-07. */
export function itemPlaces(keywords: JsonObject): ItemPlaces {
  const items = ownMember(keywords, 'items')
  if (Array.isArray(items)) return {first: items, rest: ownMember(keywords, 'additionalItems') ?? true}
  return {first: listAt(keywords, 'prefixItems'), rest: items ?? true}
}

export function itemAt({first, rest}: ItemPlaces, index: number): Json {
  return first[index] ?? rest
}
