// Answers every request: what is for a server is passed on to it, the rest is answered here.
import type {IncomingMessage, ServerResponse} from 'node:http'
import {answerJson} from './answers.ts'
import type {IngressConfig} from './config.ts'
import {type Decision, decide} from './decide.ts'
import {fleetHealth, type HealthOf, isLeaving, type ServerHealth, withoutDetail} from './health.ts'
import {type Serving, serveRequest} from './serveRequest.ts'
import type {IngressStatus} from './status.ts'
import type {Table} from './table.ts'

/** All that answering depends on. */
export type Responding = Serving & {
  config: IngressConfig
  table: Table
  health: HealthOf
  /** As the routes that were applied last have them. */
  names(): {hosts: readonly string[]; origins: readonly string[]}
  release(): string
  status(): IngressStatus
}

/** Makes the listener of the HTTP server. */
export function makeRespond(parts: Responding): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // Broken connections are seen by 'close'; unhandled, the error event would end the process.
    response.on('error', ignore)
    const {host, origin} = request.headers
    const head = {method: request.method ?? '', target: request.url ?? '', host, origin, embedded: isEmbedded(request)}
    const {hosts, origins} = parts.names()
    const decision = decide(head, {hosts, origins, servers: parts.table})
    if (decision.kind !== 'forward') {
      answerSelf(parts, decision, request, response).catch((error: Error) => {
        parts.log.often('answer failed', {error: error.message})
        response.destroy()
      })
      return
    }
    const served = parts.table.get(decision.server)
    if (served) serveRequest(parts, {served, path: decision.path, prefix: decision.prefix, request, response})
  }
}

function ignore(): void {}

type Own = Exclude<Decision, {kind: 'forward'}>

async function answerSelf(parts: Responding, decision: Own, request: IncomingMessage, response: ServerResponse) {
  const {config, table, metrics, health, release, status} = parts
  const shown = (found: ServerHealth) => (isOnThisHost(request) ? found : withoutDetail(found))
  switch (decision.kind) {
    case 'refuse': {
      const {error, next, known} = decision
      const allow = decision.status === 405 ? {allow: 'GET, HEAD'} : undefined
      return answerJson(request, response, decision.status, {error, next, known}, allow)
    }
    case 'server-health': {
      const served = table.get(decision.server)
      if (!served) return response.destroy()
      const found = shown(await health(served, release()))
      return answerJson(request, response, found.status === 'ok' ? 200 : 503, found)
    }
    case 'health': {
      const staying = [...table.values()].filter(served => !isLeaving(served))
      const found = await Promise.all(staying.map(served => health(served, release())))
      const whole = fleetHealth(config, release(), found.map(shown))
      return answerJson(request, response, whole.status === 'ok' ? 200 : 503, whole)
    }
    case 'metrics': {
      const {contentType, body} = await metrics.text()
      response.writeHead(200, {'content-type': contentType})
      return response.end(request.method === 'HEAD' ? undefined : body)
    }
    case 'status': {
      if (!isOnThisHost(request)) {
        const next = 'ask on the host of the ingress itself'
        return answerJson(request, response, 403, {error: 'the status is told to loopback only', next})
      }
      return answerJson(request, response, 200, status())
    }
    case 'index': {
      const {fleet, environment, instance} = config
      const servers = Object.fromEntries(
        [...table.values()].map(({name, route}) => [
          name,
          {endpoint: `/${name}${route.endpoint}`, health: `/${name}/health`, hosts: route.hosts},
        ]),
      )
      const paths = {health: '/health', metrics: '/metrics'}
      return answerJson(request, response, 200, {fleet, environment, instance, release: release(), ...paths, servers})
    }
  }
}

// Fetch Metadata (W3C): every browser of today says of each request which site it comes from, and whether it is a page of its own.
function isEmbedded({headers}: IncomingMessage): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate'
}

// A proxy in front of the ingress is on this host as well; whom it asks for need not be.
function isOnThisHost({socket, headers}: IncomingMessage): boolean {
  const {remoteAddress = ''} = socket
  const isLoopback = remoteAddress === '::1' || /^(::ffff:)?127\./.test(remoteAddress)
  return isLoopback && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined
}
