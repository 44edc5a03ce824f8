// Whether two JSON values are the same, whatever the order of their keys, and however deep they are.
import type {Json} from '../surface.ts'
import {isObject, ownMember} from './ownMember.ts'

const looksAtOnce = 16

/**
 * A list of work instead of recursion: a server may nest ten thousand levels. `goOn` is asked now and then; when it says
 * no, the answer is that they are not the same.
 */
export function equalJson(one: Json | undefined, other: Json | undefined, goOn = () => true): boolean {
  let looks = 0
  const pairs: [Json | undefined, Json | undefined][] = [[one, other]]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (++looks % looksAtOnce === 0 && !goOn()) return false
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return false
      for (const [index, item] of a.entries()) pairs.push([item, b[index]])
    } else if (isObject(a) && isObject(b)) {
      const keys = Object.keys(a)
      if (keys.length !== Object.keys(b).length) return false
      for (const key of keys) {
        if (!Object.hasOwn(b, key)) return false
        pairs.push([ownMember(a, key), ownMember(b, key)])
      }
    } else return false
  }
  return true
}

/** Whether two lists hold the same values as often, in any order. */
export function equalAsSets(one: readonly Json[], other: readonly Json[]): boolean {
  if (one.length !== other.length) return false
  const rest = [...other]
  return one.every(item => {
    const index = rest.findIndex(candidate => equalJson(item, candidate))
    if (index >= 0) rest.splice(index, 1)
    return index >= 0
  })
}
