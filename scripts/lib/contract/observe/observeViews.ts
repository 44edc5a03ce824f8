// Asks one address of a server what it tells each kind of client: every era, capability profile and scope.
import {openMcp} from '../../mcp/client.ts'
import type {OpenResult} from '../../mcp/connect.ts'
import type {Outcome} from '../../mcp/outcome.ts'
import type {Era} from '../../mcp/protocol.ts'
import {type Profile, profiles, type Scope, type View, viewName} from '../contract.ts'
import type {Surface} from '../surface.ts'
import {readView} from './readView.ts'

export interface ObserveViews {
  url: string
  /** What authorised clients send; empty where the server asks for nothing. */
  headers: Record<string, string>
  timeoutMs: number
  maximumBytes: number
  signal: AbortSignal
  /** Texts that belong to this copy alone, such as the path of its state, by what stands for them in a contract. */
  own: Readonly<Record<string, string>>
}

/** One view as it was seen. Of `surface`, `refused` and `fault` there is exactly one. */
export interface ViewSeen extends View {
  view: string
  surface?: Surface
  /** The server refuses such clients: how it said so. */
  refused?: string
  /** Nothing can be concluded: why. */
  fault?: string
  order: string[]
  ms: number
}

export interface ViewsSeen {
  views: ViewSeen[]
  /** Eras that the server does not speak, and how it said so. */
  notSpoken: {era: Era; why: string}[]
}

const internalError = -32603

// It refuses the question, which is how a server says that it does not speak what it was asked in; it did not fail at it.
function isNotSpoken({kind, status = 0, error}: Outcome): boolean {
  if (status >= 500 || error?.code === internalError) return false
  return kind === 'rpc-error' || kind === 'http-error' || kind === 'wrong-era'
}

/** Never throws for what the server does. At most four clients are open at the same time. */
export async function observeViews(options: ObserveViews): Promise<ViewsSeen> {
  const scope: Scope = Object.keys(options.headers).length > 0 ? 'authorised' : 'anonymous'
  // A server that can do both answers in the modern era, so this tells which eras there are to ask in.
  const first = await observeView(options, {era: 'modern', profile: 'bare', scope})
  const speaksModern = first.notSpoken === undefined
  const later: View[] = [
    ...(speaksModern ? [view('modern', 'full', scope)] : []),
    view('legacy', 'bare', scope),
    view('legacy', 'full', scope),
    ...(scope === 'authorised' ? [view(speaksModern ? 'modern' : 'legacy', 'bare', 'anonymous')] : []),
  ]
  const rest = await Promise.all(later.map(one => observeView(options, one)))
  const all = [first, ...rest]
  const eras = new Map(all.flatMap(seen => (seen.notSpoken === undefined ? [] : [[seen.view.era, seen.notSpoken]])))
  return {
    views: all.flatMap(seen => (seen.seen === undefined ? [] : [seen.seen])),
    notSpoken: [...eras].map(([era, why]) => ({era, why})),
  }
}

function view(era: Era, profile: Profile, scope: Scope): View {
  return {era, profile, scope}
}

interface Observed {
  view: View
  seen?: ViewSeen
  notSpoken?: string
}

async function observeView(options: ObserveViews, asked: View): Promise<Observed> {
  const {url, headers, timeoutMs, maximumBytes, signal, own} = options
  const beganAt = performance.now()
  const seen = (more: Partial<ViewSeen>): Observed => {
    const ms = Math.round(performance.now() - beganAt)
    return {view: asked, seen: {...asked, view: viewName(asked), order: [], ...more, ms}}
  }
  const opened: OpenResult = await openMcp({
    url,
    era: asked.era,
    capabilities: profiles[asked.profile],
    headers: asked.scope === 'authorised' ? headers : {},
    timeoutMs,
    maximumBytes,
    signal,
  })
  if (!opened.ok) {
    if (isRefusal(opened.outcome)) return seen({refused: refusalOf(opened.outcome)})
    const {summary} = opened.outcome
    return isNotSpoken(opened.outcome) ? {view: asked, notSpoken: summary} : seen({fault: summary})
  }
  try {
    const {surface, order, fault} = await readView(opened.client, signal)
    return seen({surface: surface && withoutOwn(surface, own), order, fault})
  } finally {
    await opened.client.close()
  }
}

function isRefusal({kind, status}: Outcome): boolean {
  return kind === 'auth-required' || status === 401 || status === 403
}

// Its time is no part of a contract.
function refusalOf({kind, status}: Outcome): string {
  return `HTTP ${status}${kind === 'auth-required' ? ' with a challenge' : ''}`
}

// A path or address of this one copy would make every copy look different.
function withoutOwn(surface: Surface, own: Readonly<Record<string, string>>): Surface {
  const texts = Object.entries(own).sort(([, one], [, other]) => other.length - one.length)
  const text = texts.reduce(
    (result, [name, value]) => result.replaceAll(JSON.stringify(value).slice(1, -1), `{${name}}`),
    JSON.stringify(surface),
  )
  return JSON.parse(text) as Surface
}
