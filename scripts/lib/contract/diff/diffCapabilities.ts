// Judges what a server says that it can do.
import {equalJson} from '../schema/equalJson.ts'
import {isObject, ownMember} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject} from '../surface.ts'
import {pointerTo, quoted} from './pointer.ts'
import {shownChange} from './shown.ts'

const deepest = 20

/** Member by member; `false` is the same as nothing. */
export function diffCapabilities(before: JsonObject, after: JsonObject, steps = ['capabilities']): Difference[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return members.flatMap((member): Difference[] => {
    const [was, is] = [ownMember(before, member), ownMember(after, member)]
    if (equalJson(was, is)) return []
    const path = [...steps, member]
    if (isObject(was) && isObject(is) && path.length < deepest) return diffCapabilities(was, is, path)
    const what = `The capability ${quoted(path.slice(1).join('.'))} ${shownChange(was, is)}.`
    return [{...judged(was, is), pointer: pointerTo(...path), what, before: was, after: is}]
  })
}

function judged(was: Json | undefined, is: Json | undefined): Pick<Difference, 'kind' | 'reason'> {
  const [had, has] = [was !== undefined && was !== false, is !== undefined && is !== false]
  if (had && !has) return {kind: 'breaking', reason: 'A client that makes use of it asks in vain, or waits in vain.'}
  if (!had) return {kind: 'compatible', reason: 'A client of the old contract makes no use of it.'}
  return {kind: 'unknown', reason: 'What clients conclude from such a value is not known here.'}
}
