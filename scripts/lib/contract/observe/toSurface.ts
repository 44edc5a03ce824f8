// Puts what a server told one client into the form in which contracts are kept and compared.
import type {McpClient} from '../../mcp/connect.ts'
import type {Caching, JsonObject, Prompt, Resource, ResourceTemplate, Surface, Tool} from '../surface.ts'
import {type Listed, type ListName, lists} from './listPages.ts'

type Told = Pick<McpClient, 'serverCapabilities' | 'instructions' | 'opened'>

/** The order of the lists is left out: the phase `consistency` judges it, and a contract is the same in any order. */
export function toSurface(client: Told, listed: Partial<Record<ListName, Listed>>): Surface {
  const items = <Item>(list: ListName) => sorted(listed[list]?.items ?? [], lists[list].name) as Item[]
  const caching = Object.entries({discover: client.opened.result ?? {}, ...listed}).flatMap(([name, told]) => {
    const kept = cachingOf(told as Caching)
    return Object.keys(kept).length > 0 ? [[name, kept]] : []
  })
  return {
    tools: items<Tool>('tools'),
    prompts: items<Prompt>('prompts'),
    resources: items<Resource>('resources'),
    resourceTemplates: items<ResourceTemplate>('resourceTemplates'),
    ...(client.instructions === undefined ? {} : {instructions: client.instructions}),
    capabilities: client.serverCapabilities as JsonObject,
    caching: Object.fromEntries(caching),
    order: {},
  }
}

function cachingOf({ttlMs, cacheScope}: Caching): Caching {
  return {
    ...(typeof ttlMs === 'number' ? {ttlMs} : {}),
    ...(typeof cacheScope === 'string' ? {cacheScope} : {}),
  }
}

function sorted(items: readonly JsonLike[], key: string): JsonLike[] {
  return [...items].sort((one, other) => (String(one[key]) < String(other[key]) ? -1 : 1))
}

type JsonLike = Record<string, unknown>
