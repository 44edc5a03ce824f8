// A surface with what a test names and nothing else.
import type {Surface} from '../../../scripts/lib/contract/surface.ts'

export function surfaceOf(given: {[key in keyof Surface]?: unknown}): Surface {
  const nothing = {
    tools: [],
    prompts: [],
    resources: [],
    resourceTemplates: [],
    capabilities: {},
    caching: {},
    order: {},
  }
  return {...nothing, ...given} as Surface
}
