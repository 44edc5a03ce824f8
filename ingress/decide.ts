// Decides from the request line and headers alone what a request is: for a server, for the ingress itself, or refused.
import {hostMatches, hostName, originAllowed} from './hostRule.ts'

/** What is known of a request before its body is read. */
export type RequestHead = {
  method: string
  target: string
  host: string | undefined
  origin: string | undefined
  /** That a page of another site has its reader's browser fetch this, other than by following a link. */
  embedded: boolean
}

/** What a decision depends on beside the request. `hosts` of a server are patterns of names that belong to it alone. */
export type Rules = {
  hosts: readonly string[]
  origins: readonly string[]
  servers: ReadonlyMap<string, {route: {hosts: readonly string[]}}>
}

/** What to do with a request. `path` begins with / and holds the query; `prefix` was cut off in front of it. */
export type Decision =
  | {kind: 'forward'; server: string; path: string; prefix: string}
  | {kind: 'server-health'; server: string}
  | {kind: 'health' | 'metrics' | 'index' | 'status'}
  | {kind: 'refuse'; status: 400 | 403 | 404 | 405 | 421; error: string; next: string; known?: string[]}

/** Decides. Paths that belong to the ingress: `/`, `/health`, `/metrics`, `/-/…` and `/<server>/health`. */
export function decide(head: RequestHead, rules: Rules): Decision {
  const name = hostName(head.host)
  const owner = serverOfHost(name, rules)
  if (owner === undefined && !hostMatches(name, rules.hosts)) {
    const next = `use one of: ${rules.hosts.join(', ')}; or add the name to "hosts" of the ingress in the fleet file`
    return {kind: 'refuse', status: 421, error: `this ingress does not answer for the host "${name}"`, next}
  }
  if (!originAllowed(head.origin, head.host, rules.origins)) {
    const next = 'add it to "origins" of the ingress in the fleet file, if pages from there may call'
    return {kind: 'refuse', status: 403, error: `pages of the origin "${head.origin}" may not call`, next}
  }
  // An <img> sends no Origin, and its answer cannot be read; it would have probe calls made all the same.
  if (head.origin === undefined && head.embedded) {
    const next = 'open it by its address, or add the origin of the page to "origins" of the ingress in the fleet file'
    return {kind: 'refuse', status: 403, error: 'pages of other sites may not fetch this', next}
  }
  if (!head.target.startsWith('/')) {
    return {kind: 'refuse', status: 400, error: 'the request target is not a path', next: 'send a path such as /health'}
  }
  const path = head.target.split('?', 1)[0] ?? '/'
  if (path.startsWith('/-/')) return ownPath(path, head.method)
  if (owner !== undefined) {
    return path === '/health'
      ? forHealth(owner, head.method)
      : {kind: 'forward', server: owner, path: head.target, prefix: ''}
  }
  if (path === '/' || path === '/health' || path === '/metrics') return ownPath(path, head.method)
  return byPath(head, path, rules)
}

function byPath(head: RequestHead, path: string, rules: Rules): Decision {
  const server = path.slice(1).split('/', 1)[0] ?? ''
  const prefix = `/${server}`
  if (!rules.servers.has(server)) {
    const known = [...rules.servers.keys()]
    const next = known.length > 0 ? `ask for one of: ${known.join(', ')}` : 'no server has a route yet'
    return {kind: 'refuse', status: 404, error: `there is no server "${server.slice(0, 80)}"`, next, known}
  }
  if (path === `${prefix}/health`) return forHealth(server, head.method)
  const rest = head.target.slice(prefix.length)
  return {kind: 'forward', server, path: rest.startsWith('/') ? rest : `/${rest}`, prefix}
}

// An exact name wins over a wildcard, whatever the order of the servers.
function serverOfHost(name: string, rules: Rules): string | undefined {
  let wild: string | undefined
  for (const [server, {route}] of rules.servers) {
    if (route.hosts.length === 0) continue
    if (route.hosts.some(host => host.toLowerCase() === name)) return server
    if (wild === undefined && hostMatches(name, route.hosts)) wild = server
  }
  return wild
}

function ownPath(path: string, method: string): Decision {
  if (method !== 'GET' && method !== 'HEAD') return onlyGet(path)
  if (path === '/health' || path === '/metrics') return {kind: path === '/health' ? 'health' : 'metrics'}
  if (path === '/') return {kind: 'index'}
  if (path === '/-/status') return {kind: 'status'}
  return {kind: 'refuse', status: 404, error: `there is no ${path} here`, next: 'the paths are listed at /'}
}

function forHealth(server: string, method: string): Decision {
  return method === 'GET' || method === 'HEAD' ? {kind: 'server-health', server} : onlyGet('/health')
}

function onlyGet(path: string): Decision {
  return {kind: 'refuse', status: 405, error: `${path} is answered by the ingress itself`, next: 'ask with GET'}
}
