// Contracts for tests: one tool that adds, and whatever a test changes of it.
import {type Contract, makeContract} from '../../../scripts/lib/contract/contract.ts'
import type {Surface, Tool} from '../../../scripts/lib/contract/surface.ts'

export const add: Tool = {
  name: 'add',
  description: 'Adds two numbers',
  inputSchema: {type: 'object', properties: {a: {type: 'number'}, b: {type: 'number'}}, required: ['a', 'b']},
  annotations: {readOnlyHint: true, openWorldHint: false},
}

export function sampleSurface(tools: Tool[] = [add], more: Partial<Surface> = {}): Surface {
  return {
    tools,
    prompts: [],
    resources: [],
    resourceTemplates: [],
    capabilities: {tools: {}},
    caching: {},
    order: {},
    ...more,
  }
}

/** Of one view, unless more are given. */
export function sampleContract(tools?: Tool[], server = 'one', view = 'legacy, bare, anonymous'): Contract {
  return makeContract(server, {[view]: sampleSurface(tools)})
}
