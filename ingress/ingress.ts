// Puts the parts together: one HTTP server in front of all servers of an instance.
import {readFile} from 'node:fs/promises'
import http, {type IncomingMessage, type ServerResponse} from 'node:http'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import type {IngressConfig} from './config.ts'
import {type Control, startControl} from './control.ts'
import {makeHealth} from './health.ts'
import type {Log} from './log.ts'
import {makeMetrics} from './metrics.ts'
import {makeBodies} from './requestBody.ts'
import {makeRespond} from './respond.ts'
import {makeRouting, type Routing} from './routing.ts'
import {makeSessions} from './sessions.ts'
import {stopServer} from './stopServer.ts'
import type {Copy, Table} from './table.ts'
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
  const routing = makeRouting(config, table, log, code)
  const {statusFile} = routing
  let stopping = false
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
    names: routing.names,
    release: routing.release,
    status: routing.status,
    // A step waits for a draining copy to fall silent; nobody waits for an active one.
    onCount: copy => (copy.state === 'active' ? statusFile.mention() : statusFile.touch()),
    stopping: () => stopping,
  })
  const server = await listen(config, respond)
  const control = await controlOf(config.control, routing, log)
  const unwatch = watchFile(config.routes, routing.readFile)
  const sweep = setInterval(() => sessions.sweep(), 30_000)
  const {port} = server.address() as AddressInfo
  log.event('listening', {host: config.listen.host, port, pid: process.pid})
  return {
    port,
    async stop() {
      stopping = true
      // While the port is still ours: the socket of the next ingress has the same name.
      control?.close()
      unwatch()
      clearInterval(sweep)
      await stopServer(server, table, config.stopMs)
      await Promise.all([...table.values()].flatMap(({copies}) => copies.map(copy => copy.pool.destroy())))
      await statusFile.close()
    },
  }
}

// Without it routes arrive by the file, so an ingress that can have none serves all the same.
async function controlOf(path: string, routing: Routing, log: Log): Promise<Control | undefined> {
  try {
    return await startControl(path, routing)
  } catch (error) {
    const fault = `${path}: ${error instanceof Error ? error.message : String(error)}`
    log.event('no control socket', {error: fault})
    routing.setControlFault(fault)
    return undefined
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
