// Reads the whole list of tools of a server, page by page, and never without end.
import {isJsonObject, type JsonObject} from './jsonRpc.ts'
import type {Outcome} from './outcome.ts'

/** A tool as the server describes it, nothing dropped. */
export type ToolDefinition = JsonObject & {name: string; inputSchema?: unknown; outputSchema?: unknown}

/** The list and how reading it went. `ttlMs` and `cacheScope` are those of the first page (modern era, SEP-2549). */
export type ToolList = {outcome: Outcome; tools: ToolDefinition[]; pages: number; ttlMs?: number; cacheScope?: string}

const maximumPages = 50

type Request = (
  method: string,
  params: JsonObject,
  options?: {timeoutMs?: number; signal?: AbortSignal},
) => Promise<Outcome>

/**
 * Asks `tools/list` until there is no `nextCursor`. A page that is not as the protocol requires, a cursor that comes
 * again, and more than 50 pages give the outcome `bad-result`. `outcome.ms` is the sum of all pages.
 */
export async function listTools(
  request: Request,
  options?: {timeoutMs?: number; signal?: AbortSignal},
): Promise<ToolList> {
  const tools: ToolDefinition[] = []
  const cursors = new Set<string>()
  let first: JsonObject | undefined
  let ms = 0
  for (let page = 1; ; page += 1) {
    const cursor = [...cursors].at(-1)
    const outcome = await request('tools/list', cursor === undefined ? {} : {cursor}, options)
    ms = Math.round((ms + outcome.ms) * 10) / 10
    const done = (summary?: string): ToolList => ({
      outcome: {
        ...outcome,
        ms,
        ...(summary === undefined ? {} : {kind: 'bad-result', summary: `tools/list: ${summary}`}),
      },
      tools,
      pages: page,
      ttlMs: typeof first?.ttlMs === 'number' ? first.ttlMs : undefined,
      cacheScope: typeof first?.cacheScope === 'string' ? first.cacheScope : undefined,
    })
    if (outcome.kind !== 'result' || !outcome.result) return done()
    first ??= outcome.result
    const {tools: listed, nextCursor} = outcome.result
    if (!Array.isArray(listed)) return done(`page ${page} has no array "tools"`)
    const nameless = listed.findIndex(tool => !isJsonObject(tool) || typeof tool.name !== 'string' || tool.name === '')
    if (nameless >= 0) return done(`tools[${nameless}] of page ${page} has no name`)
    tools.push(...listed)
    if (nextCursor === undefined || nextCursor === null) return done()
    if (typeof nextCursor !== 'string') return done(`nextCursor of page ${page} is not a string`)
    if (cursors.has(nextCursor)) return done(`nextCursor of page ${page} was given before, so the list has no end`)
    if (page === maximumPages) return done(`there are more than ${maximumPages} pages`)
    cursors.add(nextCursor)
  }
}
