// Questions from where nobody may ask: a web page of elsewhere, and a host name that is not ours.
import {type Question, unless} from './question.ts'
import {goodRequest} from './subject.ts'

/**
 * MCP 2025-11-25 and 2026-07-28, Streamable HTTP: "Servers MUST validate the Origin header on all incoming connections";
 * "If the Origin header is present and invalid, servers MUST respond with HTTP 403 Forbidden." Asked through the ingress,
 * which is how a page could reach the server; what the copy itself does is `reachability/own-origin`.
 */
export const foreignOrigin: Question = {
  name: 'foreign-origin',
  told: 'requests of web pages from elsewhere get 403',
  remedy: 'turn on the Origin check of the server, or take the origin out of ingress.origins',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const from = (origin: string) =>
      ask({...rest, step: origin, sent: `Origin: ${origin}`, headers: {...headers, origin}})
    return [await from('https://stranger.example'), await from('null')]
  },
  faults: asked => unless(asked, 'it must be 403', one => one.status === 403),
}

/**
 * No sentence names a status for a foreign Host, but DNS rebinding, against which the Origin rule stands ("attackers
 * could use DNS rebinding to interact with local MCP servers from remote websites"), begins with one.
 */
export const foreignHost: Question = {
  name: 'foreign-host',
  told: 'requests for a host name that is not ours are refused',
  remedy: 'take the name out of ingress.hosts',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const host = 'stranger.example'
    return [await ask({...rest, step: 'host', sent: `Host: ${host}`, headers: {...headers, host}})]
  },
  faults: asked => unless(asked, 'it must be 403 or 421', one => one.status === 403 || one.status === 421),
}
