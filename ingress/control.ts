// The control socket: a step on the same host puts routes here and reads the status, without waiting for files to be noticed.
import {chmodSync, renameSync, rmSync} from 'node:fs'
import http, {type IncomingMessage, type ServerResponse} from 'node:http'
import {shortSocketPath} from '../scripts/lib/files/shortSocketPath.ts'
import {answerJson} from './answers.ts'
import type {Routing} from './routing.ts'

const largestRoutes = 16 * 1024 * 1024
// One that stops in the middle of its request must not be waited for.
const requestMs = 10_000
const known = ['GET /status', 'PUT /routes']

/** A socket that listens. `close` removes it, and takes nothing more from then on. */
export type Control = {close(): void}

/**
 * Listens at `path`, which only the own user may open. A socket that a killed ingress left is replaced in one move; who calls
 * has the port of the ingress, so no other one serves. Rejects where there can be no socket.
 */
export async function startControl(path: string, routing: Pick<Routing, 'put' | 'status'>): Promise<Control> {
  const server = http.createServer({requestTimeout: requestMs, headersTimeout: requestMs}, (request, response) => {
    response.on('error', () => undefined)
    answer(routing, request, response).catch((error: Error) => {
      answerJson(request, response, 500, {error: error.message})
    })
  })
  const beside = `${path}.new`
  rmSync(beside, {force: true})
  using short = shortSocketPath(beside)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({path: short.path}, () => {
      server.off('error', reject)
      resolve()
    })
  })
  try {
    chmodSync(beside, 0o600)
    renameSync(beside, path)
  } catch (error) {
    server.close()
    throw error
  }
  // Whoever cannot be taken in meets it as a socket that does not answer, and uses the files.
  server.on('error', () => undefined)
  return {
    close() {
      rmSync(path, {force: true})
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  {put, status}: Pick<Routing, 'put' | 'status'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method} ${request.url}`
  if (asked === 'GET /status') return answerJson(request, response, 200, status())
  if (asked !== 'PUT /routes') return answerJson(request, response, 404, {error: `${asked} is not known here`, known})
  const text = await bodyOf(request)
  if (text === undefined) {
    return answerJson(request, response, 413, {error: `the routes are larger than ${largestRoutes} bytes`})
  }
  const {outcome, ...result} = await put(text)
  answerJson(request, response, {applied: 200, refused: 409, invalid: 400}[outcome], result)
}

/** The whole body, or undefined when it is too large. Rejects when the client goes away first. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({destroyOnReturn: false})) {
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes > largestRoutes) return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
