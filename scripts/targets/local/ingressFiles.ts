// The two files that tell an ingress who it is and where each server answers.
import {join} from 'node:path'
import type {Instance} from '../../lib/target/instance.ts'
import type {Routes} from '../../lib/target/routes.ts'

/** Identity, addresses and limits: read once, at the start of the ingress. */
export function ingressConfig(instance: Instance): string {
  const {folder, host, port, hosts, origins, tls, streamCommentSeconds} = instance.ingress
  return json({
    listen: {host, port},
    hosts,
    origins,
    tls: tls === undefined ? null : {certificate: tls.certificate, key: tls.key},
    fleet: instance.fleet,
    environment: instance.environment,
    instance: instance.name,
    release: instance.release,
    ...(streamCommentSeconds !== undefined && {commentMs: Math.round(streamCommentSeconds * 1000)}),
    routes: join(folder, 'routes.json'),
    status: join(folder, 'status.json'),
  })
}

/** Where each server answers: read again whenever the file is replaced. */
export function routesText(routes: Routes): string {
  return json(routes)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
