// Questions in sessions that are not there: one that never was, one that was ended, and none at all.
import {randomUUID} from 'node:crypto'
import {openMcp} from '../../lib/mcp/client.ts'
import {legacyHeaders} from '../../lib/mcp/era.ts'
import {isRefused, type Question, unless} from './question.ts'
import {goodRequest, type Subject} from './subject.ts'

const sessionHeader = 'Mcp-Session-Id'

const stateless = ({client}: Subject) => (client.sessionId === undefined ? 'this server makes no sessions' : undefined)

/**
 * MCP 2025-11-25, Session Management: "The server MAY terminate the session at any time, after which it MUST respond to
 * requests containing that session ID with HTTP 404 Not Found", on which a client MUST start over; on anything else it is
 * stranded. And without an id servers that require one "SHOULD respond […] with HTTP 400 Bad Request".
 */
export const unknownSession: Question = {
  name: 'unknown-session',
  told: 'a request in a session that the server does not know gets 404, on which clients start over',
  remedy: 'answer 404 to a session id that is not known: on anything else clients stay stuck after a restart',
  eras: ['legacy'],
  skip: stateless,
  ask: async (subject, ask) => {
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const {[sessionHeader]: _, ...without} = headers
    const unknown = {...headers, [sessionHeader]: randomUUID()}
    return [
      await ask({...rest, step: 'unknown', sent: 'an unknown session id', headers: unknown}),
      await ask({...rest, step: 'none', sent: 'no session id', headers: without}),
    ]
  },
  faults: asked =>
    unless(
      asked.filter(({step}) => step === 'unknown'),
      'it must be 404',
      one => one.status === 404,
    ),
  findings: asked =>
    asked
      .filter(one => one.step === 'none' && !isRefused(one))
      .map(({status}) => ({severity: 'Low', text: `without a session id it answers HTTP ${status}; it should be 400`})),
}

/**
 * The same sentence, for a session that the client ended: "Clients that no longer need a particular session SHOULD send
 * an HTTP DELETE"; "The server MAY respond to this request with HTTP 405 Method Not Allowed".
 */
export const terminatedSession: Question = {
  name: 'terminated-session',
  told: 'an ended session stays ended: DELETE gets success, or 405 where it is not offered, and then requests get 404',
  remedy: 'forget the session on DELETE, and answer 404 from then on',
  eras: ['legacy'],
  skip: stateless,
  ask: async (subject, ask) => {
    const {url, credentials, settings} = subject
    const opened = await openMcp({url, headers: credentials, era: 'legacy', timeoutMs: settings.client.timeoutMs})
    if (!opened.ok) return []
    const {headers, ...rest} = goodRequest(subject, 'tools/list')
    const own = {...headers, ...legacyHeaders(opened.client)}
    const ended = await ask({
      ...rest,
      step: 'delete',
      sent: 'DELETE of a session',
      method: 'DELETE',
      headers: own,
      body: undefined,
    })
    if (ended.status === 405) return [ended]
    return [ended, await ask({...rest, step: 'after', sent: 'a request in the session that was ended', headers: own})]
  },
  faults: asked => [
    ...unless(
      asked.filter(({step}) => step === 'delete'),
      'it must be a success or 405',
      ({status = 0}) => (status >= 200 && status < 300) || status === 405,
    ),
    ...unless(
      asked.filter(({step}) => step === 'after'),
      'it must be 404',
      one => one.status === 404,
    ),
  ],
}
