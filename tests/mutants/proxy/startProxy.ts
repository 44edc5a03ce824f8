// An HTTP server in front of another one, through which all traffic goes and in which it is mutated.
import {createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {answerMutations} from './answerMutations.ts'
import {changeMessages} from './answers.ts'
import {listMutations, type Make} from './listMutations.ts'
import {
  type Asked,
  type Json,
  type Mutation,
  type MutationSpec,
  matcher,
  paramsOf,
  type Reply,
  type Writes,
} from './mutation.ts'
import {serverMutations} from './serverMutations.ts'

export interface ProxyOptions {
  /** Where the server listens: a path of a local socket, or a port of 127.0.0.1. */
  inner: {socketPath: string} | {port: number}
  specs: readonly MutationSpec[]
  /** This copy was started beside the first one. */
  extraCopy: boolean
}

const makers: Record<string, Make> = {...listMutations, ...answerMutations, ...serverMutations}

export const mutationKinds = Object.keys(makers)

export interface Proxy {
  server: Server
  /** What the mutations want before anything listens. */
  start: () => Promise<void>
}

export function startProxy({inner, specs, extraCopy}: ProxyOptions): Proxy {
  const mutations = specs.map(spec => conditional(spec, extraCopy))
  const read = reader()
  const server = createServer(async (request, response) => {
    try {
      const asked = await read(request)
      // A stream goes on for long and is handed on as it comes.
      const isStream = streams(asked)
      const last = async () =>
        isStream ? () => piped(asked, inner, response) : await forwarded(asked, inner, response)
      const atWork = mutations.filter(({ofStreams}) => !isStream || ofStreams)
      const answer = await atWork.reduceRight<() => Promise<Reply | Writes>>(
        (next, mutation) => () => mutation.around?.(asked, next as () => Promise<Reply>) ?? next(),
        last,
      )()
      if (typeof answer === 'function') return answer(response)
      const told = mutations.reduce(
        (reply, {tell}) => (tell ? changeMessages(reply, one => tell(one, asked)) : reply),
        answer,
      )
      const empty = told.status === 204 || told.status === 202
      response.writeHead(told.status, {...told.headers, ...(empty ? {} : {'content-length': told.body.length})})
      response.end(told.body)
    } catch {
      // The server has closed the connection, so its client sees it close.
      response.destroy()
    }
  })
  return {
    server,
    start: async () => {
      for (const {start} of mutations) await start?.()
    },
  }
}

function conditional(spec: MutationSpec, extraCopy: boolean): Mutation {
  const {kind, when = {}, ...options} = spec
  const make = makers[kind]
  if (make === undefined) throw new Error(`there is no mutation ${kind}; known: ${mutationKinds.join(', ')}`)
  // What happens at the start knows no request; only the copy can matter to it.
  if (when.extraCopy && !extraCopy) return {}
  const {start, around, ofStreams, tell} = make(options)
  const holds = matcher(when, extraCopy)
  // Once for a request, since it counts.
  const decided = new WeakMap<Asked, boolean>()
  const decide = (asked: Asked) => {
    const known = decided.get(asked) ?? holds(asked)
    decided.set(asked, known)
    return known
  }
  return {
    start,
    ofStreams,
    around: async (asked, next) => (decide(asked) && around ? around(asked, next) : next()),
    tell: tell && ((message, asked) => (decide(asked) ? tell(message, asked) : message)),
  }
}

function reader(): (request: IncomingMessage) => Promise<Asked> {
  const sockets = new WeakMap<Socket, number>()
  const sessions = new Map<string, {number: number; capabilities: Json}>()
  let connections = 0
  let opened = 0
  return async request => {
    if (!sockets.has(request.socket)) sockets.set(request.socket, ++connections)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const message = request.method === 'POST' ? parsed(body) : undefined
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const meta = (paramsOf(message)._meta ?? {}) as Json
    const modern = meta['io.modelcontextprotocol/protocolVersion'] !== undefined
    const asked: Asked = {
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      path: new URL(request.url ?? '/', 'http://host').pathname,
      headers,
      body,
      message,
      era: modern ? 'modern' : 'legacy',
      connection: sockets.get(request.socket) ?? 0,
      capabilities: (meta['io.modelcontextprotocol/clientCapabilities'] ?? {}) as Json,
      ingress: Object.keys(headers).some(name => name === 'forwarded' || name.startsWith('x-forwarded')),
    }
    if (modern) return asked
    if (message?.method === 'initialize') {
      opened += 1
      return {...asked, connection: opened, capabilities: (paramsOf(message).capabilities ?? {}) as Json}
    }
    const session = headers['mcp-session-id']
    if (session === undefined) return asked
    // The session that was opened last is the one that is heard of next, as far as that matters here.
    const known = sessions.get(session) ?? {number: opened, capabilities: {}}
    sessions.set(session, known)
    return {...asked, connection: known.number, capabilities: known.capabilities}
  }
}

function parsed(body: Buffer): Json | undefined {
  try {
    const value = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const streams = ({method, message, headers}: Asked) =>
  (method === 'GET' && headers.accept?.includes('text/event-stream')) || message?.method === 'subscriptions/listen'

function onward({method, url, headers, body}: Asked, inner: ProxyOptions['inner']) {
  const {'transfer-encoding': _, 'content-length': __, connection: ___, ...others} = headers
  const length = body.length > 0 ? {'content-length': String(body.length)} : {}
  const request = httpRequest({
    ...inner,
    host: '127.0.0.1',
    method,
    path: url,
    headers: {...others, ...length},
    agent: false,
  })
  return request.end(body)
}

function forwarded(asked: Asked, inner: ProxyOptions['inner'], response: ServerResponse): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = onward(asked, inner)
    // Its client hung up, which the server must see.
    response.on('close', () => request.destroy())
    request.on('error', reject)
    request.on('response', async answer => {
      try {
        const parts: Buffer[] = []
        for await (const part of answer) parts.push(part)
        resolve({status: answer.statusCode ?? 502, headers: plain(answer.headers), body: Buffer.concat(parts)})
      } catch (thrown) {
        reject(thrown)
      }
    })
  })
}

function piped(asked: Asked, inner: ProxyOptions['inner'], response: ServerResponse): void {
  const request = onward(asked, inner)
  response.on('close', () => request.destroy())
  request.on('error', () => response.destroy())
  request.on('response', answer => {
    response.writeHead(answer.statusCode ?? 502, plain(answer.headers))
    response.flushHeaders()
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  })
}

function plain(headers: IncomingMessage['headers']): Reply['headers'] {
  const aboutConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || aboutConnection.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
