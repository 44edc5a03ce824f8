// The configuration of one ingress process: read once at its start, from the file named on its command line.
import {dirname, join} from 'node:path'
import type {BodyLimits} from './requestBody.ts'
import {count, list, object, optional, parseJson, path, text} from './shape.ts'

/** What an ingress is told at its start. Everything that changes while it runs is in the routes file. */
export type IngressConfig = {
  listen: {host: string; port: number}
  /**
   * Host names that are answered; `*.example.org` stands for every name below example.org. Ports are ignored. The routes
   * file may name others, as it may for origins.
   */
  hosts: string[]
  /** Web origins that may call, beside pages of the ingress itself. */
  origins: string[]
  tls: {certificate: string; key: string} | null
  fleet: string
  environment: string
  instance: string
  release: string
  /** Absolute path of the routes file, which is read and watched. */
  routes: string
  /** Absolute path of the status file, which is written. */
  status: string
  /** Absolute path of the control socket; default `control.sock` beside the status file. */
  control: string
  /** How long requests in flight may take after SIGTERM; default 5000. */
  stopMs: number
  /** How long a client has to begin its next request on a kept connection; default 75 000. */
  keepAliveMs: number
  /** How long a stream of events may be silent before it gets a comment; 0: for ever; default 25 000. */
  commentMs: number
  /** Of bodies that are read whole before they are sent on; default 64 MiB in all, 30 000 ms each. */
  bodies: BodyLimits
  /** Deadline of one climb of the health ladder; default 5000. */
  healthMs: number
  sessions: {maximum: number; idleMs: number}
}

/** Reads the configuration; throws an Error that names the place, what should be there and what is. */
export function readConfig(content: string, name: string): IngressConfig {
  const top = object(parseJson(content, name), '')
  const listen = object(top.listen, 'listen')
  const sessions = object(top.sessions ?? {}, 'sessions')
  const bodies = object(top.bodies ?? {}, 'bodies')
  const status = path(top.status, 'status')
  return {
    listen: {host: text(listen.host, 'listen.host'), port: count(listen.port, 'listen.port')},
    hosts: list(text)(top.hosts, 'hosts'),
    origins: optional(list(text), [])(top.origins, 'origins'),
    tls: optional(readTls, null)(top.tls, 'tls'),
    fleet: text(top.fleet, 'fleet'),
    environment: text(top.environment, 'environment'),
    instance: text(top.instance, 'instance'),
    release: text(top.release, 'release'),
    routes: path(top.routes, 'routes'),
    status,
    control: optional(path, join(dirname(status), 'control.sock'))(top.control, 'control'),
    stopMs: optional(count, 5000)(top.stopMs, 'stopMs'),
    keepAliveMs: optional(count, 75_000)(top.keepAliveMs, 'keepAliveMs'),
    commentMs: optional(count, 25_000)(top.commentMs, 'commentMs'),
    bodies: {
      totalBytes: optional(count, 64 * 1024 * 1024)(bodies.totalBytes, 'bodies.totalBytes'),
      wholeMs: optional(count, 30_000)(bodies.wholeMs, 'bodies.wholeMs'),
    },
    healthMs: optional(count, 5000)(top.healthMs, 'healthMs'),
    sessions: {
      maximum: optional(count, 20_000)(sessions.maximum, 'sessions.maximum'),
      idleMs: optional(count, 3_600_000)(sessions.idleMs, 'sessions.idleMs'),
    },
  }
}

function readTls(value: unknown, place: string): {certificate: string; key: string} {
  const tls = object(value, place)
  return {certificate: text(tls.certificate, `${place}.certificate`), key: text(tls.key, `${place}.key`)}
}
