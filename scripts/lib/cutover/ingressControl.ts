// Asks an ingress over its control socket: to apply routes, and for its status.
import http from 'node:http'
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

async function ask(socket: string, {method, path, timeoutMs}: Ask, text?: string): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    // So that nothing is begun for an ingress that starts or is of an earlier version.
    if (lstatIfThere(socket) === undefined) return {kind: 'absent'}
    using short = shortSocketPath(socket)
    const {status, raw} = await exchangeOver(short.path, {method, path, signal}, text)
    return {kind: 'answer', status, value: JSON.parse(raw), raw}
  } catch (error) {
    // A socket that a killed ingress left is there, and nobody listens at it.
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return {kind: 'absent'}
    return {kind: 'silent', why: signal.aborted ? `no answer within ${timeoutMs} ms` : (error as Error).message}
  }
}

function exchangeOver(
  socketPath: string,
  {method, path, signal}: {method: string; path: string; signal: AbortSignal},
  text?: string,
): Promise<{status: number; raw: string}> {
  const headers = text === undefined ? {} : {'content-length': Buffer.byteLength(text)}
  return new Promise((resolve, reject) => {
    const request = http.request({socketPath, method, path, headers, signal, agent: false}, response => {
      let raw = ''
      response.setEncoding('utf8')
      response.on('data', chunk => (raw += chunk))
      response.on('error', reject)
      response.on('end', () => resolve({status: response.statusCode ?? 0, raw}))
    })
    request.on('error', reject)
    request.end(text)
  })
}

function oddAnswer(status: number, raw: string): string {
  return `it answered HTTP ${status} ${JSON.stringify(raw.slice(0, 80))}`
}
