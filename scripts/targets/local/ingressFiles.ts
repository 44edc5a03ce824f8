// The two files that tell an ingress who it is and where each server answers.
import {join} from 'node:path'
import type {Instance} from '../../lib/instance/instance.ts'

/** Identity, addresses and limits: read once, at the start of the ingress. */
export function ingressConfig(instance: Instance): string {
  const {folder, host, port, hosts, origins, tls} = instance.ingress
  return json({
    listen: {host, port},
    hosts,
    origins,
    tls: tls === undefined ? null : {certificate: tls.certificate, key: tls.key},
    fleet: instance.fleet,
    environment: instance.environment,
    instance: instance.name,
    release: instance.release,
    routes: join(folder, 'routes.json'),
    status: join(folder, 'status.json'),
  })
}

/** Where each server answers: read again whenever the file is replaced. */
export function routes(instance: Instance, version = 1): string {
  const servers = instance.servers.map(({name, copy, url, settings}) => [
    name,
    {
      endpoint: settings.endpoint,
      health: settings.health ?? null,
      hosts: [],
      probe: settings.probe ? {tool: settings.probe.tool, arguments: settings.probe.arguments} : null,
      bearer: settings.auth?.bearer ?? null,
      cutover: settings.cutover,
      copies: [{id: copy, url, state: 'active'}],
      hold: null,
      drainMs: 30_000,
    },
  ])
  return json({version, release: instance.release, servers: Object.fromEntries(servers)})
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
