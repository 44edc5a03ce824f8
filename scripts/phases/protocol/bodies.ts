// Questions that are not well-formed: broken JSON, wrong types, a GET, and a body that is far too large.
import type {Asked} from './asked.ts'
import {brief, isRefused, type Question, unless} from './question.ts'
import {goodBody, goodRequest} from './subject.ts'

/**
 * MCP, Streamable HTTP, Sending Messages: what the server cannot accept "MUST return an HTTP error status code (e.g., 400 Bad
 * Request)". JSON-RPC 2.0, 5.1: -32700 "Invalid JSON was received by the server".
 */
export const malformedJson: Question = {
  name: 'malformed-json',
  told: 'a body that is not JSON is refused with 4xx',
  remedy: 'answer 400 with JSON-RPC -32700',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const request = goodRequest(subject, 'tools/list')
    return [await ask({...request, step: 'json', sent: 'half a JSON text', body: request.body.slice(0, 25)})]
  },
  faults: asked => unless(asked, 'it must be 4xx', isRefused),
  findings: asked =>
    asked
      .filter(one => isRefused(one) && one.code !== undefined && one.code !== -32700)
      .map(({era, code}) => ({
        severity: 'Low',
        text: `${era}: broken JSON is answered with ${code}; it should be -32700`,
      })),
}

/**
 * MCP: "The client MUST include an Accept header, listing both application/json and text/event-stream"; RFC 9110, 15.5.7: 406,
 * which a server may also disregard. So an answer all the same is a finding, and only a breakdown fails.
 */
export const accept: Question = {
  name: 'wrong-accept',
  told: 'a client that accepts neither JSON nor a stream is refused, or answered as any other',
  remedy: 'answer 406 Not Acceptable',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    return [
      await ask({...rest, step: 'accept', sent: 'Accept: text/plain', headers: {...headers, accept: 'text/plain'}}),
    ]
  },
  faults: asked => unless(asked, 'it must be 406 or an answer', one => isRefused(one) || isGood(one)),
  findings: asked =>
    asked.filter(isGood).map(({era}) => ({
      severity: 'Low',
      text: `${era}: answers a client that accepts neither of its two forms; it should be 406`,
    })),
}

/**
 * A web page may send text/plain to any server without asking (the Fetch standard, "CORS-safelisted request-header"), so a body
 * of that type must not be taken for JSON. RFC 9110, 15.5.16: 415 Unsupported Media Type.
 */
export const contentType: Question = {
  name: 'wrong-content-type',
  told: 'a body that says it is plain text is refused with 4xx',
  remedy: 'answer 415: browsers send text/plain across origins without asking',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const plain = {...headers, 'content-type': 'text/plain'}
    return [await ask({...rest, step: 'type', sent: 'Content-Type: text/plain', headers: plain})]
  },
  faults: asked => unless(asked, 'it must be 415 or 400', isRefused),
}

/**
 * MCP 2025-11-25, Listening for Messages: "The server MUST either return Content-Type: text/event-stream in response to this
 * HTTP GET, or else return HTTP 405". MCP 2026-07-28: a server of that revision alone "SHOULD respond […] 405".
 */
export const get: Question = {
  name: 'get',
  told: 'a GET opens a stream, or gets 405',
  remedy: 'answer 405 Method Not Allowed where no stream is offered',
  eras: ['legacy', 'modern'],
  skip: ({era, client}) =>
    era === 'modern' && client.supportedVersions.length === 0 ? 'the server does not say what it speaks' : undefined,
  ask: async (subject, ask) => {
    const {headers, body: _, ...rest} = goodRequest(subject, 'tools/list')
    const listening = {...headers, accept: 'text/event-stream'}
    return [await ask({...rest, step: 'get', sent: 'GET', method: 'GET', headers: listening, headOnly: true})]
  },
  faults: asked =>
    unless(
      asked.filter(({era}) => era === 'legacy'),
      'it must be a text/event-stream or 405',
      one => isStream(one) || one.status === 405,
    ),
  findings: asked =>
    asked
      .filter(one => one.era === 'modern' && one.status !== 405 && !isRefused(one))
      .map(one => ({severity: 'Low', text: `modern: a GET is answered with ${brief(one)}; it should be 405`})),
}

const largeBytes = 5 * 1024 * 1024

/**
 * No sentence sets a size; 413 is the plainest answer (RFC 9110, 15.5.14). What must not happen is that one request takes the server
 * down or hangs it. A server that answers and closes without reading the rest may lose its answer on the way (RFC 9112, 9.6), as a
 * reset or as 502 of the ingress, now and then: so that is a finding, and what decides is that the next request is answered.
 */
export const bodySize: Question = {
  name: 'large-body',
  told: 'a body of 5 MB is refused or answered, and the next request is answered as ever',
  remedy: 'set a limit and answer 413; read the rest of the body, or the answer is lost on the way',
  eras: 'first',
  only: 'rehearsal',
  ask: async (subject, ask) => {
    const body = goodBody(subject, 'tools/list', {padding: 'x'.repeat(largeBytes)})
    const good = goodRequest(subject, 'tools/list')
    return [
      await ask({...good, step: 'size', sent: 'a body of 5 MB', body}),
      await ask({...good, step: 'after', sent: 'a good request after it'}),
    ]
  },
  faults: asked => [
    ...unless(
      asked.filter(({step}) => step === 'size'),
      'it must be an answer below 500',
      one => isLost(one) || (one.transport === 'ok' && (one.status ?? 500) < 500),
    ),
    ...unless(
      asked.filter(({step}) => step === 'after'),
      'it must be answered',
      isGood,
    ),
  ],
  findings: asked =>
    asked
      .filter(one => one.step === 'size' && isLost(one))
      .map(one => ({severity: 'Low', text: `5 MB: ${brief(one)}; the server closes before it has read them`})),
}

function isLost({transport, status}: Asked): boolean {
  return status === 502 || (status === undefined && (transport === 'reset' || transport === 'closed'))
}

function isGood({transport, status, code, result}: Asked): boolean {
  return transport === 'ok' && status === 200 && (code !== undefined || result !== undefined)
}

function isStream({status, type}: Asked): boolean {
  return status === 200 && type?.startsWith('text/event-stream') === true
}
