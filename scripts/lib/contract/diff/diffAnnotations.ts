// Judges what a tool says of its own effects, by which clients decide whom to ask before a call.
import {isObject, ownMember} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject} from '../surface.ts'
import {diffText} from './diffText.ts'
import {diffUnknown} from './diffUnknown.ts'
import {pointerTo, quoted} from './pointer.ts'
import {shownChange} from './shown.ts'

/** What an absent hint means (MCP 2025-11-25 and 2026-07-28, `ToolAnnotations`). */
const defaults = {readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true} as const
type Hint = keyof typeof defaults

const became: Record<Hint, Record<'true' | 'false', string>> = {
  readOnlyHint: {
    false: 'Clients that let it run unasked, as it only read, would now let it change things.',
    true: 'Clients stop asking before a call on the word of the server alone; a person should know why.',
  },
  destructiveHint: {
    true: 'Clients that let it run unasked, as it only added, would now let it destroy.',
    false: 'Clients stop asking before a call on the word of the server alone; a person should know why.',
  },
  openWorldHint: {
    true: 'Clients that let it run unasked, as it stayed inside, would now let it reach others.',
    false: 'Clients trust its answers more on the word of the server alone; a person should know why.',
  },
  idempotentHint: {
    false: 'Clients that repeat a failed call, as that did nothing more, would now do it twice.',
    true: 'Clients may repeat a call now; those of the old contract do not.',
  },
}

export function diffAnnotations(name: string, before: Json | undefined, after: Json | undefined): Difference[] {
  const steps = ['tools', name, 'annotations']
  const isRead = [before, after].every(value => value === undefined || isObject(value))
  if (!isRead) return diffUnknown(steps, `"annotations" of tool ${quoted(name)}`, before, after)
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}]
  const members = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
  return members.flatMap(member => {
    const [one, other] = [ownMember(was, member), ownMember(is, member)]
    const subject = `${quoted(member)} in the annotations of tool ${quoted(name)}`
    if (member === 'title') return diffText([...steps, member], subject, one, other)
    const known = isHint(member) && [one, other].every(value => value === undefined || typeof value === 'boolean')
    return known ? diffHint(name, member, was, is) : diffUnknown([...steps, member], subject, one, other)
  })
}

function isHint(member: string): member is Hint {
  return Object.hasOwn(defaults, member)
}

function diffHint(name: string, hint: Hint, was: JsonObject, is: JsonObject): Difference[] {
  const [before, after] = [ownMember(was, hint), ownMember(is, hint)]
  if (before === after) return []
  const pointer = pointerTo('tools', name, 'annotations', hint)
  const what = `${hint} of tool ${quoted(name)} ${shownChange(before, after)}.`
  const [meant, means] = [effective(was, hint), effective(is, hint)]
  const fixed = (reason: string): Difference[] => [{kind: 'compatible', pointer, what, reason, before, after}]
  if (meant === means) return fixed(`It is what its absence means: ${means}.`)
  const isOnlyRead = effective(was, 'readOnlyHint') && effective(is, 'readOnlyHint')
  if (isOnlyRead && (hint === 'destructiveHint' || hint === 'idempotentHint'))
    return fixed('It has a meaning only for tools that do more than read, which this one says it does not.')
  const reason = became[hint][means ? 'true' : 'false']
  const kind = hint === 'idempotentHint' && means ? 'compatible' : 'breaking'
  return [{kind, pointer, what, reason, before, after}]
}

function effective(annotations: JsonObject, hint: Hint): boolean {
  const value = ownMember(annotations, hint)
  return typeof value === 'boolean' ? value : defaults[hint]
}
