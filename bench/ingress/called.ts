// The two kinds of servers that the ingress is measured in front of, and what a right answer of each is.
import type {Caller, CallerAnswer} from './caller.ts'
import type {Called} from './closedLoop.ts'

const headers = {
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
  'mcp-protocol-version': '2025-11-25',
}

/** A session for each connection, then one `echo` after another, each with an id of its own. `path` is of the endpoint. */
export function mcpEcho(origin: string, path: string): Called {
  return {
    origin,
    open: async caller => {
      const session = {...headers, 'mcp-session-id': await openSession(caller, path)}
      return {
        call: async index => {
          const id = index + 2
          const body = rpc({id, method: 'tools/call', params: {name: 'echo', arguments: {message: 'ahoy'}}})
          const answer = await caller.ask({method: 'POST', path, headers: session, body})
          if (!answer.body.includes(`"id":${id}}`) || !answer.body.includes('Echo: ahoy')) throw wrong(origin, answer)
        },
        close: async () => {
          await caller.ask({method: 'DELETE', path, headers: session})
        },
      }
    },
  }
}

/** Opens a session (protocol version 2025-11-25) and returns its id. */
export async function openSession(caller: Pick<Caller, 'ask'>, path: string): Promise<string> {
  const params = {protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {name: 'bench', version: '1.0.0'}}
  const answer = await caller.ask({method: 'POST', path, headers, body: rpc({id: 1, method: 'initialize', params})})
  const session = answer.headers['mcp-session-id']
  if (answer.status !== 200 || typeof session !== 'string') throw wrong(path, answer)
  const known = {...headers, 'mcp-session-id': session}
  await caller.ask({method: 'POST', path, headers: known, body: rpc({method: 'notifications/initialized'})})
  return session
}

/** A server that answers `GET` with the same few bytes. */
export function bareHttp(origin: string, path: string): Called {
  return {
    origin,
    open: async caller => ({
      call: async () => {
        const answer = await caller.ask({method: 'GET', path, headers: {}})
        if (answer.status !== 200 || answer.body !== '{"ok":true}') throw wrong(origin, answer)
      },
      close: async () => undefined,
    }),
  }
}

function rpc(message: object): string {
  return JSON.stringify({jsonrpc: '2.0', ...message})
}

function wrong(where: string, {status, body}: CallerAnswer): Error {
  return new Error(`${where}: should have answered the call, got HTTP ${status}: ${body.slice(0, 200)}`)
}
