// Tells how what a server offers changed, and for each change whether clients of the old contract break by it.
import {diffCaching} from './diff/diffCaching.ts'
import {diffCapabilities} from './diff/diffCapabilities.ts'
import {diffList, type ListRules} from './diff/diffList.ts'
import {diffPrompt} from './diff/diffPrompt.ts'
import {diffResource} from './diff/diffResource.ts'
import {diffText} from './diff/diffText.ts'
import {diffTool} from './diff/diffTool.ts'
import {widenedTemplate} from './diff/widenedTemplate.ts'
import type {Difference, Json, Surface} from './surface.ts'

// Steps of comparing for a whole diff: enough for thousands of tools, and an end in seconds for whatever is sent.
const steps = 2_000_000

/**
 * Differences list by list, each in the order of its names. Pure: the same input gives the same list, and neither surface is
 * changed. What cannot be decided, or would take too long, is `unknown`. Members that a file edited by hand lacks are empty.
 */
export function diffSurfaces(before: Surface, after: Surface): Difference[] {
  const rules = listRules({steps})
  const lists = rules.flatMap(rule => diffList(listOf(before, rule), listOf(after, rule), rule))
  const cached = ['discover', ...rules.map(({list}) => list)] as const
  return [
    ...lists,
    ...diffText(['instructions'], 'The text of the instructions', before.instructions, after.instructions),
    ...diffCapabilities(before.capabilities ?? {}, after.capabilities ?? {}),
    ...cached.flatMap(list => diffCaching(list, before.caching?.[list] ?? {}, after.caching?.[list] ?? {})),
  ]
}

function listOf(surface: Surface, {list}: ListRules): readonly Json[] {
  const items: unknown = surface[list]
  return Array.isArray(items) ? items : []
}

function listRules(budget: {steps: number}): ListRules[] {
  return [
    {
      list: 'tools',
      key: 'name',
      noun: 'tool',
      lost: 'Clients of the old contract go on calling it and are told that there is no such tool.',
      compare: (name, was, is) => diffTool(name, was, is, budget),
    },
    {
      list: 'prompts',
      key: 'name',
      noun: 'prompt',
      lost: 'Clients of the old contract go on asking for it and are told that there is no such prompt.',
      compare: diffPrompt,
    },
    {
      list: 'resources',
      key: 'uri',
      noun: 'resource',
      lost: 'Clients of the old contract go on reading it and are told that it is not found.',
      compare: (name, was, is) => diffResource('resources', 'resource', name, was, is),
    },
    {
      list: 'resourceTemplates',
      key: 'uriTemplate',
      noun: 'resource template',
      lost: 'Clients of the old contract go on filling it in and are told that nothing is found.',
      compare: (name, was, is) => diffResource('resourceTemplates', 'resource template', name, was, is),
      replaces: widenedTemplate,
    },
  ]
}
