// Whether two schemas are written alike, with everything that they refer to.
import type {Json} from '../surface.ts'
import {childOf, type SchemaNode} from './document.ts'
import {equalJson} from './equalJson.ts'
import {isObject, ownMember} from './ownMember.ts'
import {resolveReference} from './resolveReference.ts'

/**
 * Cyclic references are taken as alike while they are compared, as nothing else speaks against it. A reference to
 * another document is like the same text; a dynamic one like none, since its meaning depends on what is around it.
 */
export function sameSchema(one: SchemaNode, other: SchemaNode, spend: () => boolean): boolean {
  const seen = new Set<string>()
  const work: [SchemaNode, SchemaNode][] = [[one, other]]
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const [a, b] = pair
    const key = `${a.id}=${b.id}`
    if (seen.has(key)) continue
    seen.add(key)
    if (!spend() || a.document.dialect !== b.document.dialect) return false
    if (a.schema !== b.schema && !equalJson(a.schema, b.schema, spend)) return false
    for (const [place, counterpart] of references(a.schema, b.schema)) {
      if (Object.hasOwn(place, '$dynamicRef') || Object.hasOwn(place, '$recursiveRef')) return false
      const targets = [resolveReference(childOf(a, place)), resolveReference(childOf(b, counterpart))] as const
      if (targets[0] !== undefined && targets[1] !== undefined) work.push([targets[0], targets[1]])
      else if (targets[0] !== targets[1]) return false
    }
  }
  return true
}

type Place = {[key: string]: Json}

/** Places with a reference in two equal texts. */
function references(one: Json, other: Json): [Place, Place][] {
  const found: [Place, Place][] = []
  const work: [Json, Json | undefined][] = [[one, other]]
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const [a, b] = pair
    if (Array.isArray(a) && Array.isArray(b)) for (const [index, item] of a.entries()) work.push([item, b[index]])
    else if (isObject(a) && isObject(b)) {
      if (['$ref', '$dynamicRef', '$recursiveRef'].some(name => Object.hasOwn(a, name))) found.push([a, b])
      for (const [key, member] of Object.entries(a))
        if (member !== null && typeof member === 'object') work.push([member, ownMember(b, key)])
    }
  }
  return found
}
