// Brings one request for a server to a copy of it: chooses, waits where it may, tries again only what was never sent.
import type {IncomingMessage, ServerResponse} from 'node:http'
import {answerJson, endsRunningWork, sessionNotFound} from './answers.ts'
import {chooseCopies} from './chooseCopies.ts'
import {type Attempt, forward} from './forward.ts'
import {requestHeaders} from './forwardHeaders.ts'
import type {Log} from './log.ts'
import type {Metrics} from './metrics.ts'
import type {Bodies, RequestBody} from './requestBody.ts'
import type {Sessions} from './sessions.ts'
import type {Copy, Served} from './table.ts'

/** What serving needs beside the request. `stopping` tells whether the process is on its way out. */
export type Serving = {
  sessions: Sessions<Copy>
  metrics: Metrics
  log: Log
  bodies: Bodies
  /** Whether clients come by TLS. */
  encrypted: boolean
  /** How long a stream of events may be silent before it gets a comment; 0: for ever. */
  commentMs: number
  /** Called when the counts of a copy have changed. */
  onCount(copy: Copy): void
  stopping(): boolean
}

/** One request that was decided to be for `served`. */
export type ServerRequest = {
  served: Served
  path: string
  prefix: string
  request: IncomingMessage
  response: ServerResponse
}

// A connection that breaks before a byte was sent is tried again; more often than this is no accident.
const longestTries = 3
// How often a copy that refuses connections is asked again while requests may wait.
const retryMs = 50
const slow = 'the body of the request did not arrive in time'

/** A request whose body was taken in. */
type Call = ServerRequest & {
  serving: Serving
  body: RequestBody
  sessionId: string | undefined
  startedAt: number
  arrivedAt: number
  /** How often a connection broke before a byte was sent. */
  broken: number
}

/** Serves the request to its end. Its parts call one another rather than wait, since most requests wait for nothing. */
export function serveRequest(serving: Serving, incoming: ServerRequest): void {
  const {served, path, prefix, request, response} = incoming
  const startedAt = performance.now()
  serving.bodies.take(request, body => {
    const ending = {serving, served, request, response, startedAt}
    if (body === 'gone') return void end(ending, 0, 0)
    if (body === 'slow') return void refuse(ending, 408, {error: slow, server: served.name})
    if (body === 'full') return void unavailable(ending, 'too many requests are still sending their bodies')
    const sessionId = header(request, 'mcp-session-id')
    const arrivedAt = performance.now()
    proceed({serving, served, path, prefix, request, response, body, sessionId, startedAt, arrivedAt, broken: 0})
  })
}

function proceed(call: Call): void {
  const {serving, served, request, response, body, sessionId} = call
  if (response.destroyed) return void end(call, 0, 0)
  const owner = sessionId === undefined ? undefined : serving.sessions.find(served.name, sessionId)
  const server = {copies: served.copies, cutover: served.route.cutover, holds: served.route.hold !== null}
  const choice = chooseCopies(server, {named: sessionId !== undefined, owner}, () =>
    endsRunningWork(request.method, body.whole),
  )
  if (choice.kind === 'send') return void send(call, choice.copies, 0, owner)
  if (choice.kind === 'gone') return void refuse(call, 404, sessionNotFound(body.whole))
  if (choice.kind === 'none') return void unavailable(call, 'no copy of this server is active')
  void wait(call)
}

/** Tries the copies in turn, until one takes the request for its own. `owner` is what the session is known to belong to. */
function send(call: Call, copies: readonly Copy[], index: number, owner: Copy | undefined): void {
  const {serving, served, request, response, path, prefix, body, sessionId} = call
  const copy = copies[index]
  if (copy === undefined) return void unavailable(call, 'no copy of this server is active')
  // A body that is passed on as it comes can be sent only once, to the likeliest.
  const isLast = body.whole === undefined || index === copies.length - 1
  forward({
    copy,
    request,
    response,
    path,
    headers: requestHeaders(request.rawHeaders, {
      peer: request.socket.remoteAddress ?? 'unknown',
      host: request.headers.host,
      encrypted: serving.encrypted,
      prefix,
    }),
    body,
    stream: staysOpen(request),
    mayBeElsewhere: !isLast,
    closing: serving.stopping(),
    commentMs: serving.commentMs,
    onHead: (minted, status) => {
      if (minted !== undefined || sessionId !== undefined)
        noteSession(serving.sessions, served.name, copy, {request, sessionId, minted, status, owner})
    },
    onEnd: attempt => {
      serving.onCount(copy)
      note(serving, served.name, copy, attempt)
      const elsewhere = attempt.kind === 'not-here' || (attempt.kind === 'unsent' && !isLast)
      if (elsewhere) send(call, copies, index + 1, owner)
      else conclude(call, attempt, copies)
    },
  })
  serving.onCount(copy)
}

function conclude(call: Call, attempt: Attempt, copies: readonly Copy[]): void {
  const {served} = call
  if (attempt.kind === 'answered' || attempt.kind === 'cut') return void end(call, attempt.status, attempt.bytes)
  if (attempt.kind === 'cancelled' || attempt.kind === 'not-here') return void end(call, 0, 0)
  if (attempt.kind === 'failed') return void badGateway(call, attempt.error, true)
  if (served.route.hold !== null && attempt.refused) return void wait(call, retryMs)
  if (attempt.refused || ++call.broken >= longestTries) {
    // A switch may have happened in the meantime: then there is another copy to try.
    const stillThere = copies.some(copy => served.copies.includes(copy) && copy.state !== 'ended')
    if (stillThere || ++call.broken >= longestTries) return void badGateway(call, attempt.error, false)
  }
  proceed(call)
}

type Ending = Pick<Call, 'serving' | 'served' | 'request' | 'response' | 'startedAt'>

/** Status 0: the client went away first. */
function end({serving, served, request, response, startedAt}: Ending, status: number, bytes: number): void {
  const seconds = (performance.now() - startedAt) / 1000
  serving.metrics.finished({server: served.name, method: request.method, seconds, status, bytes})
  if (!response.writableEnded && !response.destroyed) response.destroy()
}

type Seen = {
  request: IncomingMessage
  sessionId: string | undefined
  minted: string | undefined
  status: number
  owner: Copy | undefined
}

function noteSession(sessions: Sessions<Copy>, server: string, copy: Copy, seen: Seen) {
  const {request, sessionId, minted, status, owner} = seen
  const good = status >= 200 && status < 300
  // 404: the copy itself forgot the session, so nobody needs to wait for it to end.
  const over = sessionId !== undefined && (status === 404 || (good && request.method === 'DELETE'))
  if (over) return sessions.forget(server, sessionId)
  if (!good) return
  if (minted !== undefined) sessions.remember(server, minted, copy)
  else if (sessionId !== undefined && owner !== copy) sessions.remember(server, sessionId, copy)
}

function note({metrics, log}: Serving, server: string, copy: Copy, attempt: Attempt) {
  if (attempt.kind === 'unsent') {
    metrics.upstreamError(server, 'refused')
    log.often('upstream refused', {server, copy: copy.id, error: attempt.error})
  } else if (attempt.kind === 'failed' || attempt.kind === 'cut') {
    metrics.upstreamError(server, attempt.kind)
    log.often(`upstream ${attempt.kind}`, {server, copy: copy.id, error: attempt.error})
  }
}

/** Waits for a change of the routes, or for `atMostMs`; then the request proceeds, unless waiting is over for good. */
async function wait(call: Call, atMostMs = Number.POSITIVE_INFINITY): Promise<void> {
  const {served, response, body, arrivedAt} = call
  const limits = served.route.hold
  if (limits === null) return void proceed(call)
  const giveUpAt = arrivedAt + limits.maximumMs
  const untilMs = Math.min(giveUpAt, performance.now() + atMostMs)
  let onClose = () => {}
  const onCancel = (cancel: () => void) => {
    onClose = cancel
    response.once('close', cancel)
  }
  const waited = await served.hold.wait(limits, body.heldBytes, untilMs, {onCancel})
  // A request may wait again and again, and must not leave a listener behind each time.
  response.off('close', onClose)
  if (waited === 'cancelled') return void end(call, 0, 0)
  if (waited === 'full') return void unavailable(call, 'too many requests already wait for this server to change over')
  if (performance.now() < giveUpAt) return void proceed(call)
  unavailable(call, `this server did not come back within ${limits.maximumMs} ms`)
}

// The standing stream of the legacy era is a GET; that of the modern era names itself.
function staysOpen(request: IncomingMessage): boolean {
  return request.method === 'GET' || header(request, 'mcp-method') === 'subscriptions/listen'
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refuse(call: Ending, status: number, value: unknown, headers = {}): void {
  answerJson(call.request, call.response, status, value, headers)
  end(call, status, 0)
}

function unavailable(call: Ending, error: string): void {
  const next = 'the request was not sent on; try again after the time in Retry-After'
  refuse(call, 503, {error, server: call.served.name, next}, {'retry-after': '1'})
}

function badGateway(call: Call, fault: string, sent: boolean): void {
  const error = sent ? `the server broke off before it answered: ${fault}` : `the server could not be reached: ${fault}`
  const next = sent
    ? 'the call may or may not have been carried out; look before you repeat it'
    : 'the request was not sent on; try again'
  refuse(call, 502, {error, server: call.served.name, sent, next})
}
