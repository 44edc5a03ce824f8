// Tells how one resource, or one template of resources, changed.
import {equalJson} from '../schema/equalJson.ts'
import {ownMember} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject} from '../surface.ts'
import {diffText} from './diffText.ts'
import {diffUnknown} from './diffUnknown.ts'
import {pointerTo, quoted} from './pointer.ts'
import {shownChange} from './shown.ts'

// What a resource holds today, and how it is shown, is no promise.
const passing = ['size', 'icons', 'annotations']

/** `noun` as in `resource`; `list` is where it stands. */
export function diffResource(
  list: 'resources' | 'resourceTemplates',
  noun: string,
  name: string,
  before: JsonObject,
  after: JsonObject,
): Difference[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return members.flatMap(member => {
    const [was, is] = [ownMember(before, member), ownMember(after, member)]
    if (equalJson(was, is)) return []
    const steps = [list, name, member]
    const subject = `${quoted(member)} of ${noun} ${quoted(name)}`
    if (['name', 'title', 'description'].includes(member)) return diffText(steps, subject, was, is)
    if (member === 'mimeType') return [mimeType(steps, subject, was, is)]
    const unknown = diffUnknown(steps, subject, was, is)
    const reason = 'It tells how the resource is shown or what it holds now; reading it goes on as before.'
    return passing.includes(member) ? unknown.map(seen => ({...seen, kind: 'compatible', reason})) : unknown
  })
}

function mimeType(steps: string[], subject: string, before: Json | undefined, after: Json | undefined): Difference {
  const what = `${subject} ${shownChange(before, after)}.`
  const place = {pointer: pointerTo(...steps), what, before, after}
  if (before === undefined)
    return {...place, kind: 'compatible', reason: 'A client of the old contract was told no type and depends on none.'}
  return after === undefined
    ? {...place, kind: 'unknown', reason: 'What it holds may be as before, but the server does not say so any more.'}
    : {...place, kind: 'breaking', reason: 'A client that reads it by its type receives something of another type.'}
}
