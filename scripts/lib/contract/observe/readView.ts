// Reads all that a server tells one client of itself: what it was opened with, and every list, the tools twice.
import {setTimeout as pause} from 'node:timers/promises'
import {isDeepStrictEqual} from 'node:util'
import type {McpClient} from '../../mcp/connect.ts'
import type {Surface} from '../surface.ts'
import {type Listed, type ListName, listPages} from './listPages.ts'
import {toSurface} from './toSurface.ts'

/** What one client was told. `fault` says why it is no basis for a judgement. */
export interface ViewRead {
  surface?: Surface
  /** Names of the tools in the order in which the server lists them. */
  order: string[]
  fault?: string
}

/** Some servers offer more tools once the client's `initialized` has reached them; this much later that is over. */
const settleMs = 150
const settleTimes = 4

export async function readView(client: McpClient, signal: AbortSignal): Promise<ViewRead> {
  const {tools, resources, prompts} = client.serverCapabilities
  const wanted: ListName[] = [
    ...(tools === undefined ? [] : (['tools'] as const)),
    ...(resources === undefined ? [] : (['resources', 'resourceTemplates'] as const)),
    ...(prompts === undefined ? [] : (['prompts'] as const)),
  ]
  const read = await Promise.all(wanted.map(async list => [list, await listPages(client, list, signal)] as const))
  const lists: Partial<Record<ListName, Listed>> = Object.fromEntries(read)
  if (lists.tools !== undefined && lists.tools.fault === undefined)
    lists.tools = await settled(client, lists.tools, signal)
  const fault = faultOf(client, lists)
  const order = lists.tools?.order ?? []
  return fault === undefined ? {surface: toSurface(client, lists), order} : {order, fault}
}

// Order is judged by the phase `consistency`; here only what is in the list must hold still.
async function settled(client: McpClient, first: Listed, signal: AbortSignal): Promise<Listed> {
  let before = first
  for (let time = 0; time < settleTimes; time += 1) {
    if (time > 0) await pause(settleMs, undefined, {signal})
    const again = await listPages(client, 'tools', signal)
    if (again.fault !== undefined || isSame(before, again)) return again
    before = again
  }
  const waitedMs = settleMs * (settleTimes - 1)
  return {...before, fault: `tools/list: still changes after ${waitedMs} ms, so there is no contract to speak of`}
}

function isSame(one: Listed, other: Listed): boolean {
  const sorted = ({items}: Listed) => [...items].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))
  return one.items.length === other.items.length && isDeepStrictEqual(sorted(one), sorted(other))
}

function faultOf(client: McpClient, lists: Partial<Record<ListName, Listed>>): string | undefined {
  for (const listed of Object.values(lists)) if (listed.fault !== undefined) return listed.fault
  for (const [list, {order}] of Object.entries(lists)) {
    const seen = new Set<string>()
    const twice = order.find(name => seen.size === seen.add(name).size)
    if (twice !== undefined)
      return `${list}: ${JSON.stringify(twice)} is listed twice, so a client cannot tell which is meant`
  }
  // What a decoder puts for bytes that are no UTF-8: two different texts would look the same.
  const told = JSON.stringify([client.instructions, Object.values(lists).map(({items}) => items)])
  return told.includes('\uFFFD')
    ? 'what it tells of itself holds bytes that are not UTF-8 (U+FFFD was read)'
    : undefined
}
