// Tells how one tool changed.

import {equalJson} from '../schema/equalJson.ts'
import {ownMember} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject} from '../surface.ts'
import {diffAnnotations} from './diffAnnotations.ts'
import {diffExecution} from './diffExecution.ts'
import {diffSchema} from './diffSchema.ts'
import {diffText} from './diffText.ts'
import {diffUnknown} from './diffUnknown.ts'
import {pointerTo, quoted} from './pointer.ts'

export function diffTool(name: string, before: JsonObject, after: JsonObject, budget: {steps: number}): Difference[] {
  if (equalJson(before, after)) return []
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return members.flatMap(member => {
    const [was, is] = [ownMember(before, member), ownMember(after, member)]
    if (equalJson(was, is)) return []
    const steps = ['tools', name, member]
    const subject = `${quoted(member)} of tool ${quoted(name)}`
    if (member === 'title' || member === 'description')
      return diffText(steps, `The ${member} of tool ${quoted(name)}`, was, is)
    if (member === 'annotations') return diffAnnotations(name, was, is)
    if (member === 'execution') return diffExecution(name, was, is)
    if (member === 'inputSchema' && was !== undefined && is !== undefined)
      return diffSchema(was, is, {direction: 'input', steps, name: `the input of tool ${quoted(name)}`, budget})
    if (member === 'outputSchema') return diffOutput(name, was, is, budget)
    if (member === 'icons')
      return diffUnknown(steps, subject, was, is).map(seen => ({...seen, kind: 'compatible', reason: onlyShown}))
    // What is noted of a tool may mean something to somebody, but nobody can have needed it before it was there.
    if (member === '_meta' && was === undefined)
      return diffUnknown(steps, subject, was, is).map(seen => ({...seen, kind: 'compatible', reason: didWithout}))
    return diffUnknown(steps, subject, was, is)
  })
}

const didWithout = 'A client of the old contract does without it.'
const onlyShown = 'It is shown to people; no call depends on it.'

function diffOutput(name: string, was: Json | undefined, is: Json | undefined, budget: {steps: number}): Difference[] {
  const steps = ['tools', name, 'outputSchema']
  if (was !== undefined && is !== undefined)
    return diffSchema(was, is, {direction: 'output', steps, name: `the output of tool ${quoted(name)}`, budget})
  const pointer = pointerTo(...steps)
  return is === undefined
    ? [
        {
          kind: 'breaking',
          pointer,
          what: `Tool ${quoted(name)} does not describe its output any more.`,
          reason:
            'Clients that read structuredContent are not promised any; the text beside it may be all that is left.',
          before: was,
        },
      ]
    : [
        {
          kind: 'compatible',
          pointer,
          what: `Tool ${quoted(name)} now describes its output.`,
          reason: 'A client of the old contract knows of no shape and depends on none.',
          after: is,
        },
      ]
}
