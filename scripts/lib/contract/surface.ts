// What a server offers to one client, as plain JSON, and how two of such differ.

export type Json = null | boolean | number | string | Json[] | {[key: string]: Json}
export type JsonObject = {[key: string]: Json}

/** As the server lists them, nothing dropped; keys sorted. Every other member (title, inputSchema, _meta …) is any JSON. */
export type Tool = JsonObject & {name: string}
export type Prompt = JsonObject & {name: string}
export type Resource = JsonObject & {uri: string}
export type ResourceTemplate = JsonObject & {uriTemplate: string}

/** The lists of a surface. */
export type ListKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates'

/** What a server says of keeping a result (MCP 2026-07-28, "Caching"); absent where it says nothing. */
export interface Caching {
  ttlMs?: number
  cacheScope?: string
}

/**
 * The contract of a server toward one kind of client. Lists are sorted by their key (`name`, `uri`, `uriTemplate`); the
 * order in which the server gave them is in `order`, which a diff does not look at.
 */
export interface Surface {
  tools: Tool[]
  prompts: Prompt[]
  resources: Resource[]
  resourceTemplates: ResourceTemplate[]
  instructions?: string
  capabilities: JsonObject
  caching: {[kind in ListKind | 'discover']?: Caching}
  /** Keys as the server listed them. */
  order: {[kind in ListKind]?: string[]}
}

/** One thing that is not as it was. */
export interface Difference {
  /** `unknown` where neither can be shown; it never counts as compatible. */
  kind: 'breaking' | 'compatible' | 'unknown'
  /** RFC 6901, into the surface with its lists keyed by name: `/tools/echo/inputSchema/properties/a/type`. */
  pointer: string
  /** One sentence. */
  what: string
  /** Why it breaks or does not, and for whom. */
  reason: string
  /** Absent where there was nothing. */
  before?: Json
  /** Absent where there is nothing any more. */
  after?: Json
  /** The change is to text that steers models, so a person should read it. */
  steers?: true
}
