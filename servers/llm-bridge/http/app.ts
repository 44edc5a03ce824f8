// Answers every HTTP request: who may come in, and which endpoint it is for.
import type {IncomingMessage, ServerResponse} from 'node:http'
import {setTimeout as sleep} from 'node:timers/promises'
import {hostHeaderValidation, originValidation, toNodeHandler} from '@modelcontextprotocol/node'
import type {McpHttpHandler} from '@modelcontextprotocol/server'
import type {Bridge} from '../bridge.ts'
import {presentsKey} from './apiKey.ts'
import {healthReport} from './healthReport.ts'

export type App = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** How long /health waits for providers to be asked again before it reports what was known. */
const livenessPatienceMs = 250

/** `isStopping` is asked for each request: from then on no new call is taken. */
export function createApp(bridge: Bridge, mcp: McpHttpHandler, isStopping: () => boolean): App {
  const {settings, metrics, log} = bridge
  const names = allowedNames(settings.host, settings.allowedHosts)
  const hostAllowed = hostHeaderValidation(names)
  const originAllowed = originValidation(names)
  const serveMcp = toNodeHandler(mcp, {onerror: error => log('error', 'http', {error: error.message})})
  const authorised = ({headers}: IncomingMessage) =>
    settings.apiKey === undefined || presentsKey(headers, settings.apiKey)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]
    if (!originAllowed(request, response)) return
    if (path === '/health' || path === '/health/ready') {
      // No check of Host: orchestrators probe by address. Nothing here is worth a rebinding attack.
      if (!isGet(request)) return sendJson(response, 405, {error: 'use GET'}, {allow: 'GET, HEAD'})
      const fresh = bridge.registry.current()
      // Liveness is the bridge's own: a provider that hangs must not make it look dead.
      await (path === '/health' ? Promise.race([fresh, sleep(livenessPatienceMs, undefined, {ref: false})]) : fresh)
      const report = healthReport(bridge, isStopping(), authorised(request))
      return sendJson(response, path === '/health/ready' && !report.ready ? 503 : 200, report)
    }
    if (!hostAllowed(request, response)) return
    if (path !== '/mcp' && path !== '/metrics')
      return sendJson(response, 404, {error: 'not found', endpoints: ['/mcp', '/health', '/health/ready', '/metrics']})
    if (!authorised(request))
      return sendJson(response, 401, rpcError('A valid API key is required.'), {
        'www-authenticate': 'Bearer realm="llm-bridge"',
      })
    if (path === '/mcp') {
      if (isStopping()) return sendJson(response, 503, rpcError('The bridge is stopping.'), {'retry-after': '1'})
      return serveMcp(request, response)
    }
    if (!isGet(request)) return sendJson(response, 405, {error: 'use GET'}, {allow: 'GET, HEAD'})
    await bridge.registry.current()
    response.writeHead(200, {'content-type': metrics.contentType, 'cache-control': 'no-store'})
    response.end(await metrics.text())
  }

  return async (request, response) => {
    try {
      await answer(request, response)
    } catch (error) {
      log('error', 'bug', {stack: error instanceof Error ? error.stack : String(error)})
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, rpcError('The bridge failed in a way it should not; its log has the details.'))
    }
  }
}

function allowedNames(host: string, more: string[]): string[] {
  const bound = host === '0.0.0.0' || host === '::' ? [] : [host.includes(':') ? `[${host}]` : host]
  return [...new Set(['localhost', '127.0.0.1', '[::1]', ...bound, ...more])]
}

function isGet(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function rpcError(message: string): object {
  return {jsonrpc: '2.0', error: {code: -32_000, message}, id: null}
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, {'content-type': 'application/json', 'cache-control': 'no-store', ...headers})
  response.end(`${JSON.stringify(body)}\n`)
}
