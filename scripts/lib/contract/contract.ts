// The contract of a server: what it tells of itself, for every kind of client that it tells something different.
import {createHash} from 'node:crypto'
import type {Era} from '../mcp/protocol.ts'
import {canonicalJson} from '../text/canonicalJson.ts'
import type {Surface} from './surface.ts'

/** Raised when the meaning of a contract changes; one of another format counts as absent. */
export const contractFormat = 1

/** What a client declares that it can do: nothing, or all that servers are known to make their tools depend on. */
export type Profile = 'bare' | 'full'

export const profiles = {
  bare: {},
  full: {roots: {listChanged: true}, sampling: {context: {}, tools: {}}, elicitation: {form: {}, url: {}}},
} as const satisfies Record<Profile, object>

/** With the credentials that the fleet file names, or without any. */
export type Scope = 'anonymous' | 'authorised'

export interface View {
  era: Era
  profile: Profile
  scope: Scope
}

/** What a view holds in place of the name of a surface where the server refuses such clients. */
export const refused = 'refused'

export interface Contract {
  format: typeof contractFormat
  server: string
  /** SHA-256 of the canonical JSON of `views` and `surfaces`. */
  digest: string
  /** By `viewName`: the name of a surface below, or `refused`. A view that is absent is not offered. */
  views: Record<string, string>
  /** Each once, under the name of the first view that has it. */
  surfaces: Record<string, Surface>
}

/** Such as `legacy, full, authorised`. */
export function viewName({era, profile, scope}: View): string {
  return `${era}, ${profile}, ${scope}`
}

/** `views` by name: a surface, or `refused`. Equal surfaces are kept once; the order of the given views does not matter. */
export function makeContract(server: string, views: Readonly<Record<string, Surface | typeof refused>>): Contract {
  const names: Record<string, string> = {}
  const surfaces: Record<string, Surface> = {}
  const known = new Map<string, string>()
  for (const [view, surface] of Object.entries(views).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (surface === refused) {
      names[view] = refused
      continue
    }
    const text = canonicalJson(surface)
    const name = known.get(text) ?? view
    known.set(text, name)
    names[view] = name
    surfaces[name] = JSON.parse(text) as Surface
  }
  const content = {views: names, surfaces}
  return {format: contractFormat, server, digest: contractDigest(content), ...content}
}

export function contractDigest({views, surfaces}: Pick<Contract, 'views' | 'surfaces'>): string {
  return createHash('sha256').update(canonicalJson({views, surfaces})).digest('hex')
}

/** The surface of a view, `refused`, or undefined when the view is not offered. */
export function surfaceOf(contract: Contract, view: string): Surface | typeof refused | undefined {
  const name = contract.views[view]
  return name === undefined || name === refused ? name : contract.surfaces[name]
}
