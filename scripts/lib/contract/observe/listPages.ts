// Reads one list of a server, every page of it, within bounds of count and bytes, and never without end.
import type {McpClient} from '../../mcp/connect.ts'
import {isJsonObject, type JsonObject} from '../../mcp/jsonRpc.ts'

/** The methods that list something, and the key of the result in which it stands (MCP 2026-07-28, server/*). */
export const lists = {
  tools: {method: 'tools/list', key: 'tools', name: 'name'},
  resources: {method: 'resources/list', key: 'resources', name: 'uri'},
  resourceTemplates: {method: 'resources/templates/list', key: 'resourceTemplates', name: 'uriTemplate'},
  prompts: {method: 'prompts/list', key: 'prompts', name: 'name'},
} as const

export type ListName = keyof typeof lists

/** `fault` says why the list is not whole; then nothing may be concluded from it. */
export interface Listed {
  items: JsonObject[]
  /** What identifies each item, in the order in which the server gave them. */
  order: string[]
  /** Of the first page (modern era, SEP-2549). */
  ttlMs?: number
  cacheScope?: string
  /** The server has the capability, but not this method. */
  notOffered?: true
  fault?: string
}

const maximumPages = 100
/** Far above the largest server known, and small enough to be compared and stored. */
const maximumItems = 20_000
const maximumBytes = 64 * 1024 * 1024
const methodNotFound = -32601

/** Asks until there is no `nextCursor`. Never throws for what the server does. */
export async function listPages(client: McpClient, list: ListName, signal: AbortSignal): Promise<Listed> {
  const {method, key, name} = lists[list]
  const listed: Listed = {items: [], order: []}
  const cursors = new Set<string>()
  let cursor: string | undefined
  let bytes = 0
  for (let page = 1; ; page += 1) {
    const outcome = await client.request(method, cursor === undefined ? {} : {cursor}, {signal})
    const fault = (text: string): Listed => ({...listed, fault: `${method}: ${text}`})
    if (outcome.error?.code === methodNotFound && page === 1) return {...listed, notOffered: true}
    const {result} = outcome
    if (outcome.kind !== 'result' || result === undefined) return {...listed, fault: outcome.summary}
    const items = result[key]
    if (!Array.isArray(items)) return fault(`page ${page} has no array "${key}"`)
    const nameless = items.findIndex(item => !isJsonObject(item) || typeof item[name] !== 'string' || item[name] === '')
    if (nameless >= 0) return fault(`${key}[${nameless}] of page ${page} has no ${name}`)
    if (page === 1 && typeof result.ttlMs === 'number') listed.ttlMs = result.ttlMs
    if (page === 1 && typeof result.cacheScope === 'string') listed.cacheScope = result.cacheScope
    for (const item of items as JsonObject[]) {
      listed.items.push(item)
      listed.order.push(String(item[name]))
    }
    bytes += outcome.bytes ?? 0
    if (listed.items.length > maximumItems) return fault(`there are more than ${maximumItems} ${key}`)
    if (bytes > maximumBytes) return fault(`the list is larger than ${maximumBytes / 1024 / 1024} MiB`)
    const {nextCursor} = result
    if (nextCursor === undefined || nextCursor === null) return listed
    if (typeof nextCursor !== 'string') return fault(`nextCursor of page ${page} is not a string`)
    if (cursors.has(nextCursor)) return fault(`nextCursor of page ${page} was given before, so the list has no end`)
    if (page === maximumPages) return fault(`there are more than ${maximumPages} pages`)
    cursors.add(nextCursor)
    cursor = nextCursor
  }
}
