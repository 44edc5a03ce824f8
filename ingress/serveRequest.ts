// Brings one request for a server to a copy of it: chooses, waits where it may, tries again only what was never sent.
import type {IncomingMessage, ServerResponse} from 'node:http'
import {answerJson, endsRunningWork, sessionNotFound} from './answers.ts'
import {chooseCopies} from './chooseCopies.ts'
import {type Attempt, forward} from './forward.ts'
import {requestHeaders} from './forwardHeaders.ts'
import type {Log} from './log.ts'
import type {Metrics} from './metrics.ts'
import {type RequestBody, takeBody} from './requestBody.ts'
import type {Sessions} from './sessions.ts'
import type {Copy, Served} from './table.ts'

/** What serving needs beside the request. `stopping` tells whether the process is on its way out. */
export type Serving = {
  sessions: Sessions<Copy>
  metrics: Metrics
  log: Log
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

/** Serves the request to its end. Never rejects. */
export async function serveRequest(serving: Serving, incoming: ServerRequest): Promise<void> {
  const {served, request, response} = incoming
  const startedAt = performance.now()
  const taken = takeBody(request)
  const body = taken instanceof Promise ? await taken : taken
  const end = body === undefined ? {status: 0, bytes: 0} : await answer(serving, incoming, body)
  const seconds = (performance.now() - startedAt) / 1000
  serving.metrics.finished({server: served.name, method: request.method, seconds, ...end})
  if (!response.writableEnded && !response.destroyed) response.destroy()
}

type End = {status: number; bytes: number}

async function answer(serving: Serving, incoming: ServerRequest, body: RequestBody): Promise<End> {
  const {served, request, response} = incoming
  const sessionId = header(request, 'mcp-session-id')
  const arrivedAt = performance.now()
  let broken = 0
  for (;;) {
    if (response.destroyed) return {status: 0, bytes: 0}
    const owner = sessionId === undefined ? undefined : serving.sessions.find(served.name, sessionId)
    const server = {copies: served.copies, cutover: served.route.cutover, holds: served.route.hold !== null}
    const choice = chooseCopies(server, {named: sessionId !== undefined, owner}, () =>
      endsRunningWork(request.method, body.whole),
    )
    if (choice.kind === 'gone') return refuse(incoming, 404, sessionNotFound(body.whole))
    if (choice.kind === 'none') return unavailable(incoming, 'no copy of this server is active')
    if (choice.kind === 'hold') {
      const end = await wait(incoming, body, arrivedAt)
      if (end !== undefined) return end
      continue
    }
    const attempt = await tryCopies(serving, incoming, body, choice.copies, sessionId)
    if (attempt.kind === 'answered') return attempt
    if (attempt.kind === 'cut') return {status: attempt.status, bytes: attempt.bytes}
    if (attempt.kind === 'cancelled' || attempt.kind === 'not-here') return {status: 0, bytes: 0}
    if (attempt.kind === 'failed') return badGateway(incoming, attempt.error, true)
    if (served.route.hold !== null && attempt.refused) {
      const end = await wait(incoming, body, arrivedAt, retryMs)
      if (end !== undefined) return end
    } else if (attempt.refused || ++broken >= longestTries) {
      // A switch may have happened in the meantime: then there is another copy to try.
      const stillThere = choice.copies.some(copy => served.copies.includes(copy) && copy.state !== 'ended')
      if (stillThere || ++broken >= longestTries) return badGateway(incoming, attempt.error, false)
    }
  }
}

/** Tries the copies in turn, until one takes the request for its own. */
async function tryCopies(
  serving: Serving,
  incoming: ServerRequest,
  body: RequestBody,
  copies: Copy[],
  sessionId: string | undefined,
): Promise<Attempt> {
  const {served, request, response, prefix} = incoming
  const peer = request.socket.remoteAddress ?? 'unknown'
  const headers = requestHeaders(request.rawHeaders, {
    peer,
    host: request.headers.host,
    encrypted: 'encrypted' in request.socket,
    prefix,
  })
  // A body that is passed on as it comes can be sent only once, to the likeliest.
  const candidates = body.whole === undefined ? copies.slice(0, 1) : copies
  let attempt: Attempt = {kind: 'unsent', refused: false, error: 'no copy'}
  for (const [index, copy] of candidates.entries()) {
    const running = forward({
      copy,
      request,
      response,
      path: incoming.path,
      headers,
      body,
      stream: staysOpen(request),
      mayBeElsewhere: index < candidates.length - 1,
      closing: serving.stopping(),
      onHead: (minted, status) =>
        noteSession(serving.sessions, served.name, copy, {request, sessionId, minted, status}),
    })
    serving.onCount(copy)
    attempt = await running
    serving.onCount(copy)
    note(serving, served.name, copy, attempt)
    const elsewhere = attempt.kind === 'not-here' || (attempt.kind === 'unsent' && index < candidates.length - 1)
    if (!elsewhere) return attempt
  }
  return attempt
}

type Seen = {request: IncomingMessage; sessionId: string | undefined; minted: string | undefined; status: number}

function noteSession(sessions: Sessions<Copy>, server: string, copy: Copy, seen: Seen) {
  const {request, sessionId, minted, status} = seen
  const good = status >= 200 && status < 300
  // 404: the copy itself forgot the session, so nobody needs to wait for it to end.
  const over = sessionId !== undefined && (status === 404 || (good && request.method === 'DELETE'))
  if (over) return sessions.forget(server, sessionId)
  if (!good) return
  const id = minted ?? sessionId
  if (id !== undefined && sessions.find(server, id) !== copy) sessions.remember(server, id, copy)
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

/** Waits for a change of the routes, or for `atMostMs`; an end when waiting is over for good. */
async function wait(
  incoming: ServerRequest,
  body: RequestBody,
  arrivedAt: number,
  atMostMs = Number.POSITIVE_INFINITY,
): Promise<End | undefined> {
  const {served, response} = incoming
  const limits = served.route.hold
  if (limits === null) return undefined
  const giveUpAt = arrivedAt + limits.maximumMs
  const untilMs = Math.min(giveUpAt, performance.now() + atMostMs)
  const onCancel = (cancel: () => void) => void response.once('close', cancel)
  const end = await served.hold.wait(limits, body.heldBytes, untilMs, {onCancel})
  if (end === 'cancelled') return {status: 0, bytes: 0}
  if (end === 'full') return unavailable(incoming, 'too many requests already wait for this server to change over')
  if (performance.now() < giveUpAt) return undefined
  return unavailable(incoming, `this server did not come back within ${limits.maximumMs} ms`)
}

// The standing stream of the legacy era is a GET; that of the modern era names itself.
function staysOpen(request: IncomingMessage): boolean {
  return request.method === 'GET' || header(request, 'mcp-method') === 'subscriptions/listen'
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refuse({request, response}: ServerRequest, status: number, value: unknown, headers = {}): End {
  answerJson(request, response, status, value, headers)
  return {status, bytes: 0}
}

function unavailable(incoming: ServerRequest, error: string): End {
  const next = 'the request was not sent on; try again after the time in Retry-After'
  return refuse(incoming, 503, {error, server: incoming.served.name, next}, {'retry-after': '1'})
}

function badGateway(incoming: ServerRequest, fault: string, sent: boolean): End {
  const error = sent ? `the server broke off before it answered: ${fault}` : `the server could not be reached: ${fault}`
  const next = sent
    ? 'the call may or may not have been carried out; look before you repeat it'
    : 'the request was not sent on; try again'
  return refuse(incoming, 502, {error, server: incoming.served.name, sent, next})
}
