// How long it takes to compare what 2,000 tools offered with what they offer, when every one of them changed.
import {diffSurfaces} from '../../scripts/lib/contract/diffSurfaces.ts'
import type {Json, Surface} from '../../scripts/lib/contract/surface.ts'
import type {Measure} from '../measure.ts'

const tools = 2000
// Of so many tools one change breaks clients, which takes longest, as an example is looked for.
const oneBreaksOf = 10

export const contractDiff: Measure = {
  name: 'contract-diff',
  title: `the contracts of ${tools} tools compared, each with another description and one argument more, one in ${oneBreaksOf} breaking`,
  runs: 11,
  figures: [{name: 'contract-diff', title: `diff of ${tools} changed tools`, unit: 's', limit: {atMost: 1}}],
  open: async () => {
    const [before, after] = [changingSurface('before', tools), changingSurface('after', tools)]
    diffSurfaces(before, after)
    return {
      sample: async () => ({'contract-diff': timeDiff(before, after)}),
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}

function timeDiff(before: Surface, after: Surface): number {
  const startedMs = performance.now()
  const differences = diffSurfaces(before, after)
  const seconds = (performance.now() - startedMs) / 1000
  const breaking = differences.filter(({kind}) => kind === 'breaking').length
  // A diff that sees nothing, or gives up, would be quick.
  if (breaking !== tools / oneBreaksOf || differences.length !== 2 * tools + breaking)
    throw new Error(
      `the diff should find ${tools / oneBreaksOf} breaking of ${2 * tools}, found ${breaking} of ${differences.length}`,
    )
  return seconds
}

/** The same tools before and after a release that changes all of them. */
export function changingSurface(when: 'before' | 'after', count: number): Surface {
  const list = Array.from({length: count}, (_, index) => tool(index, when === 'after'))
  const lists = {tools: list, prompts: [], resources: [], resourceTemplates: []}
  return {...lists, capabilities: {tools: {}}, caching: {}, order: {}}
}

function tool(index: number, isAfter: boolean) {
  const most = isAfter && index % oneBreaksOf === 0 ? 50 : 100
  const properties: {[name: string]: Json} = {
    query: {type: 'string', minLength: 1, description: 'What to look for'},
    limit: {type: 'integer', minimum: 1, maximum: most},
    tags: {type: 'array', items: {type: 'string', enum: ['news', 'people', 'places']}},
    since: {anyOf: [{type: 'string', format: 'date-time'}, {type: 'null'}]},
  }
  if (isAfter) properties.language = {type: 'string'}
  return {
    name: `search_${index}`,
    description: isAfter ? `Looks in collection ${index}` : `Searches collection ${index}`,
    inputSchema: {type: 'object', properties, required: ['query'], additionalProperties: false},
    outputSchema: {type: 'object', properties: {hits: {type: 'array', items: {type: 'string'}}}, required: ['hits']},
  }
}
