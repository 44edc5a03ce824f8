// Asks an ingress over its control socket: to apply routes, and for its status.
import {connect} from 'node:net'
import {lstatIfThere} from '../files/ifThere.ts'
import {shortSocketPath} from '../files/shortSocketPath.ts'

/**
 * `applied` has the SHA-256 of the text that the ingress applied. `refused`: other routes are applied, and these are not
 * newer. `invalid`: it says what is wrong with them. `absent`: nobody listens. `silent`: no answer that says any of this.
 */
export type PutAnswer =
  | {kind: 'applied'; version: number; routes: string}
  | {kind: 'refused' | 'invalid' | 'silent'; why: string}
  | {kind: 'absent'}

/** `absent`: nobody listens. `silent`: somebody may, and gave no status. */
export type StatusAnswer = {kind: 'status'; value: unknown} | {kind: 'absent'} | {kind: 'silent'; why: string}

/** Never rejects. Routes that are applied already may be put again. */
export async function putRoutes(socket: string, text: string, timeoutMs: number): Promise<PutAnswer> {
  const answer = await ask(socket, {method: 'PUT', path: '/routes', timeoutMs}, text)
  if (answer.kind !== 'answer') return answer
  const {status, value, raw} = answer
  const {version, routes, error} = (value ?? {}) as {version?: unknown; routes?: unknown; error?: unknown}
  if (status === 200 && typeof version === 'number' && typeof routes === 'string')
    return {kind: 'applied', version, routes}
  if (typeof error === 'string' && status === 409) return {kind: 'refused', why: error}
  if (typeof error === 'string' && status === 400) return {kind: 'invalid', why: error}
  return {kind: 'silent', why: oddAnswer(status, raw)}
}

/** Never rejects. */
export async function askStatus(socket: string, timeoutMs: number): Promise<StatusAnswer> {
  const answer = await ask(socket, {method: 'GET', path: '/status', timeoutMs})
  if (answer.kind !== 'answer') return answer
  const {status, value, raw} = answer
  return status === 200 ? {kind: 'status', value} : {kind: 'silent', why: oddAnswer(status, raw)}
}

type Answer =
  | {kind: 'answer'; status: number; value: unknown; raw: string}
  | {kind: 'absent'}
  | {kind: 'silent'; why: string}

interface Ask {
  method: string
  path: string
  timeoutMs: number
}

async function ask(socket: string, {method, path, timeoutMs}: Ask, text = ''): Promise<Answer> {
  try {
    // So that nothing is begun for an ingress that starts or is of an earlier version.
    if (lstatIfThere(socket) === undefined) return {kind: 'absent'}
    using short = shortSocketPath(socket)
    const length = Buffer.byteLength(text)
    const said = await exchangeOver(
      short.path,
      `${method} ${path} HTTP/1.0\r\ncontent-length: ${length}\r\n\r\n${text}`,
      timeoutMs,
    )
    const [, status, raw = ''] = /^HTTP\/1\.\d (\d{3}) .*?\r\n\r\n(.*)$/s.exec(said) ?? []
    if (status === undefined) return {kind: 'silent', why: 'the connection ended without an answer'}
    return {kind: 'answer', status: Number(status), value: JSON.parse(raw), raw}
  } catch (error) {
    // A socket that a killed ingress left is there, and nobody listens at it.
    const {code, message} = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ECONNREFUSED' ? {kind: 'absent'} : {kind: 'silent', why: message}
  }
}

/**
 * Sends a request and gives all that comes back until the connection ends, as it does in HTTP/1.0. By hand: a client of HTTP
 * takes three times as long, and the requests of servers that change in their place wait meanwhile.
 */
function exchangeOver(path: string, request: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({path})
    const deadline = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    let said = ''
    socket.setEncoding('utf8')
    socket.on('data', chunk => (said += chunk))
    socket.on('end', () => resolve(said))
    socket.on('error', reject)
    socket.on('close', () => clearTimeout(deadline))
    // Its own end is left open: a server of HTTP takes that for a client that went away.
    socket.write(request)
  })
}

function oddAnswer(status: number, raw: string): string {
  return `it answered HTTP ${status} ${JSON.stringify(raw.slice(0, 80))}`
}
