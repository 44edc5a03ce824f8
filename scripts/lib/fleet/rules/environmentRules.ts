// Rules about environments: they name targets and servers that there are, and no port twice.
import type {Fault, Path} from '../fault.ts'
import type {FleetFile} from '../schema.ts'
import {type Rule, unknownName} from './rule.ts'

export const environmentRules: Rule[] = [
  (_, __, {environments}) =>
    environments.length > 0
      ? []
      : [{path: ['environments'], message: 'should name at least one environment, got none'}],
  (fleet, _, {servers}) =>
    Object.entries(fleet.environments).flatMap(([name, environment]) =>
      Object.keys(environment.servers).flatMap(server =>
        servers.includes(server)
          ? []
          : [unknownName(['environments', name, 'servers', server], server, servers, 'server')],
      ),
    ),
  (fleet, {targets}) =>
    Object.entries(fleet.environments).flatMap(([name, {target}]) =>
      targets.includes(target) ? [] : [unknownName(['environments', name, 'target'], target, targets, 'target')],
    ),
  fleet => Object.keys(fleet.environments).flatMap(environment => duplicatePorts(fleet, environment)),
]

function duplicatePorts(fleet: FleetFile, environment: string): Fault[] {
  const settings = fleet.environments[environment]
  if (settings === undefined) return []
  const ports: {path: Path; port: number}[] = [
    {path: ['environments', environment, 'ingress', 'port'], port: settings.ingress.port},
  ]
  for (const [name, server] of Object.entries(fleet.servers)) {
    const own = settings.servers[name]?.port
    if (own !== undefined) ports.push({path: ['environments', environment, 'servers', name, 'port'], port: own})
    else if (server.port !== undefined) ports.push({path: ['servers', name, 'port'], port: server.port})
  }
  return ports.flatMap(({path, port}, index) => {
    const first = ports.slice(0, index).find(other => other.port === port)
    if (first === undefined) return []
    return [
      {
        path,
        message: `is ${port}, which ${first.path.join('.')} has already`,
        remedy: 'give each its own port, or leave it out',
      },
    ]
  })
}
