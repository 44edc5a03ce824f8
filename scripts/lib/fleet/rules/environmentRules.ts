// Rules about environments: they name targets and servers that there are, and no port twice.
import type {Fault, Path} from '../../saved/fault.ts'
import type {Destination} from '../notify.ts'
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
  fleet =>
    Object.entries(fleet.environments).flatMap(([name, {notify}]) =>
      notify.flatMap((one, index) => chatFaults(one, ['environments', name, 'notify', index])),
    ),
]

// Only a bot writes to one of many chats; a webhook leads to one place.
function chatFaults({channel, chat, server}: Destination, path: Path): Fault[] {
  if (channel === 'telegram')
    return chat === undefined
      ? [{path, message: 'needs the chat that the bot writes to', remedy: "add chat, such as chat: '-1001234567890'"}]
      : []
  const surplus = [chat !== undefined && 'chat', server !== undefined && 'server'].filter(key => key !== false)
  return surplus.map(key => ({
    path: [...path, key],
    message: `belongs to telegram, not to ${channel}`,
    remedy: 'delete it',
  }))
}

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
