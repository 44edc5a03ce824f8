// Puts the parts together: one HTTP server in front of all servers of an instance.
import {hash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import http, {type IncomingMessage, type ServerResponse} from 'node:http'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import type {IngressConfig} from './config.ts'
import {makeHealth} from './health.ts'
import type {Log} from './log.ts'
import {makeMetrics} from './metrics.ts'
import {makeBodies} from './requestBody.ts'
import {makeRespond} from './respond.ts'
import {readRoutes} from './routes.ts'
import {makeSessions} from './sessions.ts'
import {makeStatusFile, type StatusHead, statusOf} from './status.ts'
import {stopServer} from './stopServer.ts'
import {applyRoutes, type Copy, type Table} from './table.ts'
import {watchFile} from './watchFile.ts'

/** A running ingress. `stop` resolves when nothing of it is left, after at most `stopMs` of the configuration. */
export type Ingress = {port: number; stop(): Promise<void>}

/** Starts. `code` is the digest of the program. Rejects when the port cannot be had or the certificate cannot be read. */
export async function startIngress(
  config: IngressConfig,
  log: Log,
  variables: {[name: string]: string | undefined},
  code: string,
): Promise<Ingress> {
  const table: Table = new Map()
  const sessions = makeSessions<Copy>(config.sessions)
  const metrics = makeMetrics(table, sessions)
  let head: StatusHead = {
    version: 0,
    pid: process.pid,
    code,
    startedAt: new Date().toISOString(),
    release: config.release,
    error: 'no routes were read yet',
  }
  let names = {hosts: config.hosts, origins: config.origins}
  let stopping = false
  const status = () => statusOf(head, table)
  const statusFile = makeStatusFile(config.status, status, error =>
    log.often('status not written', {error: error.message}),
  )
  const readAgain = async () => {
    try {
      const text = await readFile(config.routes, 'utf8')
      const routes = readRoutes(text, config.routes)
      const changes = applyRoutes(table, routes, statusFile.touch)
      names = {hosts: routes.hosts ?? config.hosts, origins: routes.origins ?? config.origins}
      const {version, release} = routes
      head = {...head, version, release, routes: hash('sha256', text), error: undefined}
      statusFile.write()
      log.event('routes applied', {version, release, changes: changes.length})
      for (const {server, copy, from, to} of changes) log.event('copy', {server, copy, from, to})
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error)
      head = {...head, error: `the routes of version ${head.version} stay: ${told}`}
      statusFile.write()
      log.event('routes refused', {version: head.version, error: told})
    }
  }
  const respond = makeRespond({
    config,
    table,
    sessions,
    metrics,
    log,
    encrypted: config.tls !== null,
    bodies: makeBodies(config.bodies),
    commentMs: config.commentMs,
    health: makeHealth(config, variables),
    names: () => names,
    release: () => head.release,
    status,
    // A step waits for a draining copy to fall silent; nobody waits for an active one.
    onCount: copy => (copy.state === 'active' ? statusFile.mention() : statusFile.touch()),
    stopping: () => stopping,
  })
  const server = await listen(config, respond)
  // One reading at a time, so that an older file never wins over a newer one.
  let reading = Promise.resolve()
  const unwatch = watchFile(config.routes, () => {
    reading = reading.then(readAgain)
  })
  const sweep = setInterval(() => sessions.sweep(), 30_000)
  const {port} = server.address() as AddressInfo
  log.event('listening', {host: config.listen.host, port, pid: process.pid})
  return {
    port,
    async stop() {
      stopping = true
      unwatch()
      clearInterval(sweep)
      await stopServer(server, table, config.stopMs)
      await Promise.all([...table.values()].flatMap(({copies}) => copies.map(copy => copy.pool.destroy())))
      await statusFile.close()
    },
  }
}

type Respond = (request: IncomingMessage, response: ServerResponse) => void

async function listen(config: IngressConfig, respond: Respond): Promise<http.Server> {
  const {host, port} = config.listen
  // Node gives a client 60 s for the head of a request and 300 s for the whole of it; answers have no deadline.
  const options = {keepAliveTimeout: config.keepAliveMs}
  const server =
    config.tls === null
      ? http.createServer(options, respond)
      : https.createServer(
          {...options, cert: await readFile(config.tls.certificate), key: await readFile(config.tls.key)},
          respond,
        )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({host, port}, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return server
}
