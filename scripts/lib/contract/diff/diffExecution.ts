// Judges how a tool may be called: at once, as a task, or either.
import {isObject, ownMember} from '../schema/ownMember.ts'
import type {Difference, Json} from '../surface.ts'
import {diffUnknown} from './diffUnknown.ts'
import {pointerTo, quoted} from './pointer.ts'
import {shownChange} from './shown.ts'

// The ways that each word allows; absent is forbidden (MCP 2025-11-25, "Tool-Level Negotiation").
const ways: Readonly<Record<string, readonly string[]>> = {
  forbidden: ['at once'],
  optional: ['at once', 'as a task'],
  required: ['as a task'],
}

export function diffExecution(name: string, before: Json | undefined, after: Json | undefined): Difference[] {
  const steps = ['tools', name, 'execution']
  const isRead = [before, after].every(value => value === undefined || isObject(value))
  if (!isRead) return diffUnknown(steps, `"execution" of tool ${quoted(name)}`, before, after)
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap(member => {
    const [one, other] = [ownMember(was, member), ownMember(is, member)]
    const [allowed, allows] = [waysOf(one), waysOf(other)]
    if (member !== 'taskSupport' || allowed === undefined || allows === undefined)
      return diffUnknown([...steps, member], `${quoted(member)} in the execution of tool ${quoted(name)}`, one, other)
    if (one === other) return []
    const lost = allowed.filter(way => !allows.includes(way))
    const difference = {
      pointer: pointerTo(...steps, member),
      what: `taskSupport of tool ${quoted(name)} ${shownChange(one, other)}.`,
      before: one,
      after: other,
    }
    return lost.length > 0
      ? [{...difference, kind: 'breaking', reason: `A client that calls it ${lost.join(' or ')} is refused now.`}]
      : [{...difference, kind: 'compatible', reason: `It can be called ${allowed.join(' or ')}, as before.`}]
  })
}

function waysOf(word: Json | undefined): readonly string[] | undefined {
  const name = word === undefined ? 'forbidden' : word
  return typeof name === 'string' && Object.hasOwn(ways, name) ? ways[name] : undefined
}
