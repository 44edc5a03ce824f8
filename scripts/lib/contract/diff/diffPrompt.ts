// Tells how one prompt changed.
import {equalAsSets, equalJson} from '../schema/equalJson.ts'
import {isObject, listAt, ownMember} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject} from '../surface.ts'
import {diffText} from './diffText.ts'
import {diffUnknown} from './diffUnknown.ts'
import {pointerTo, quoted} from './pointer.ts'

export function diffPrompt(name: string, before: JsonObject, after: JsonObject): Difference[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return members.flatMap(member => {
    const [was, is] = [ownMember(before, member), ownMember(after, member)]
    if (equalJson(was, is)) return []
    const steps = ['prompts', name, member]
    const subject = `${quoted(member)} of prompt ${quoted(name)}`
    if (member === 'title' || member === 'description') return diffText(steps, subject, was, is)
    return member === 'arguments' ? diffArguments(name, before, after) : diffUnknown(steps, subject, was, is)
  })
}

/** By their names; their order means nothing. A client sends them as text (MCP 2026-07-28, `PromptArgument`). */
function diffArguments(prompt: string, before: JsonObject, after: JsonObject): Difference[] {
  const [old, now] = [listAt(before, 'arguments'), listAt(after, 'arguments')]
  const [was, is] = [byName(old), byName(now)]
  const steps = ['prompts', prompt, 'arguments']
  if (was === undefined || is === undefined)
    return equalAsSets(old, now) ? [] : diffUnknown(steps, `"arguments" of prompt ${quoted(prompt)}`, old, now)
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name): Difference[] => {
    const [one, other] = [was.get(name), is.get(name)]
    const subject = `argument ${quoted(name)} of prompt ${quoted(prompt)}`
    // A pointer counts the items of the list that has the argument.
    const at = [...steps, String((other === undefined ? old : now).indexOf(other ?? one ?? null))]
    const gone = 'A client that sends it is refused, or not heard any more.'
    if (one !== undefined && other === undefined)
      return [{kind: 'breaking', pointer: pointerTo(...at), what: `The ${subject} is gone.`, reason: gone, before: one}]
    const place = {pointer: pointerTo(...at), before: one, after: other}
    const [needed, needs] = [one?.required === true, other?.required === true]
    if (one === undefined) return [{...place, ...demanded(needs), what: `The ${subject} is new.`}]
    return [
      ...(needed === needs
        ? []
        : [{...place, ...demanded(needs), what: `The ${subject} is ${needs ? 'now' : 'no longer'} required.`}]),
      ...['title', 'description'].flatMap(member =>
        diffText([...at, member], `The ${member} of ${subject}`, one[member], other?.[member]),
      ),
      ...others(one, other).flatMap(member =>
        diffUnknown([...at, member], `${quoted(member)} of ${subject}`, one[member], other?.[member]),
      ),
    ]
  })
}

function demanded(isRequired: boolean): Pick<Difference, 'kind' | 'reason'> {
  return isRequired
    ? {kind: 'breaking', reason: 'A client of the old contract may leave it out, and is refused now.'}
    : {kind: 'compatible', reason: 'A client of the old contract goes on as before.'}
}

function others(one: JsonObject, other: JsonObject = {}): string[] {
  const judged = ['name', 'title', 'description', 'required']
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(name => !judged.includes(name))
}

/** Undefined where one has no name, or two have the same. */
function byName(items: readonly Json[]): Map<string, JsonObject> | undefined {
  const found = new Map<string, JsonObject>()
  for (const item of items) {
    if (!isObject(item) || typeof item.name !== 'string' || found.has(item.name)) return undefined
    found.set(item.name, item)
  }
  return found
}
