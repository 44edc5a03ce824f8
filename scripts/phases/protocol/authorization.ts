// Questions of nobody, of somebody else, and with tokens that are over or for another server.
import type {Asked} from './asked.ts'
import {type Question, unless} from './question.ts'
import {goodRequest, type Subject} from './subject.ts'

const undeclared = ({settings}: Subject) =>
  settings.auth === undefined ? 'the fleet file declares no auth of this server' : undefined

/**
 * MCP 2025-11-25 and 2026-07-28, Authorization, Token Handling: "Invalid or expired tokens MUST receive a HTTP 401 response", and servers
 * "MUST validate that access tokens were issued specifically for them". RFC 9110, 11.6.1: a 401 carries WWW-Authenticate. Where the fleet
 * declares a static bearer, the last two tokens are only two more that are not it.
 */
export const credentials: Question = {
  name: 'auth',
  told: 'no token, a wrong one, an expired one and one for another server get 401 with WWW-Authenticate',
  remedy: 'answer 401 with WWW-Authenticate: Bearer, before anything of the request is looked at',
  eras: ['legacy', 'modern'],
  skip: undeclared,
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const {authorization: _, ...without} = headers
    const bearing = (step: string, sent: string, token: string) =>
      ask({...rest, step, sent, headers: {...without, authorization: `Bearer ${token}`}})
    return [
      await ask({...rest, step: 'none', sent: 'no token', headers: without}),
      await bearing('wrong', 'a wrong token', 'not-the-token-of-this-server'),
      await bearing('expired', 'an expired token', unsigned({aud: subject.url, exp: 1_600_000_000})),
      await bearing(
        'elsewhere',
        'a token for another server',
        unsigned({aud: 'https://other.example/mcp', exp: 4_102_444_800}),
      ),
    ]
  },
  faults: asked =>
    unless(asked, 'it must be 401 with WWW-Authenticate', one => one.status === 401 && one.challenge !== undefined),
}

/**
 * MCP, Authorization: "MCP servers MUST implement OAuth 2.0 Protected Resource Metadata (RFC9728)" where they take part in that flow.
 * RFC 9728, 2: `resource` is REQUIRED; MCP: the document "MUST include the authorization_servers field containing at least one
 * authorization server". A static bearer token takes no part, unless the server's own challenge names such a document.
 */
export const metadata: Question = {
  name: 'auth-metadata',
  told: 'the protected resource metadata names the resource and its authorization servers',
  remedy: 'serve JSON with resource and authorization_servers at /.well-known/oauth-protected-resource<path>',
  eras: 'first',
  skip: undeclared,
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const {authorization: _, ...without} = headers
    const challenge = await ask({...rest, step: 'challenge', sent: 'no token', headers: without})
    const look = (url: string) =>
      ask({step: 'document', sent: `GET ${url}`, era: subject.era, url, method: 'GET', headers: {}})
    const {origin, pathname} = new URL(subject.inside)
    const wellKnown = `${origin}/.well-known/oauth-protected-resource`
    // The document names a host of the outside, which is not ours to ask: it is asked of the copy.
    const address = named(challenge)
    const path = address !== undefined && URL.canParse(address) ? new URL(address).pathname : undefined
    const found = path === undefined ? [] : [await look(origin + path)]
    return [challenge, ...found, ...(found.length > 0 ? [] : [await look(wellKnown + pathname), await look(wellKnown)])]
  },
  moot: asked =>
    asked.some(one => named(one) !== undefined || isDocument(one))
      ? undefined
      : 'a static bearer token: neither its challenge nor a well-known document asks for OAuth, which is optional',
  faults: asked => {
    const [found] = asked.filter(isDocument)
    if (found === undefined) return ['the challenge names a metadata document, but none was found']
    const {resource, authorization_servers: servers} = found.document ?? {}
    return [
      ...(typeof resource === 'string' && URL.canParse(resource)
        ? []
        : [`resource is ${JSON.stringify(resource)}, no URL`]),
      ...(Array.isArray(servers) && servers.length > 0 ? [] : ['authorization_servers names none']),
    ]
  },
}

function named({challenge}: Asked): string | undefined {
  return /resource_metadata="([^"]+)"/.exec(challenge ?? '')?.[1]
}

function isDocument({step, status, document}: Asked): boolean {
  return step === 'document' && status === 200 && document !== undefined
}

/** A JWT that nobody signed. */
function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({alg: 'none', typ: 'JWT'})}.${part({iss: 'https://stranger.example', ...claims})}.`
}
