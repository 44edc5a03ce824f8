// Rules between the keys of a fleet file, each a small pure function; all are checked and all faults are told.
import {nearest} from '../nearest.ts'
import type {Fault, Path} from './fault.ts'
import type {FleetFile, Server} from './schema.ts'
import {startBatches} from './startBatches.ts'

/** Names that only the rest of the program knows. `today` is an ISO date. */
export interface Known {
  targets: readonly string[]
  phases: readonly string[]
  today: string
}

type Rule = (fleet: FleetFile, known: Known) => Fault[]

/** The faults that the shape of the file cannot show. */
export function checkRules(fleet: FleetFile, known: Known): Fault[] {
  return rules.flatMap(rule => rule(fleet, known))
}

const eachServer =
  (check: (server: Server, path: Path, fleet: FleetFile, name: string) => Fault[]): Rule =>
  fleet =>
    Object.entries(fleet.servers).flatMap(([name, server]) => check(server, ['servers', name], fleet, name))

const rules: Rule[] = [
  fleet =>
    Object.keys(fleet.servers).length > 0
      ? []
      : [{path: ['servers'], message: 'should name at least one server, got none'}],
  fleet =>
    Object.keys(fleet.environments).length > 0
      ? []
      : [{path: ['environments'], message: 'should name at least one environment, got none'}],
  eachServer(({source}, path) => {
    if ((source.npm === undefined) !== (source.folder === undefined)) return []
    return [
      {
        path: [...path, 'source'],
        message: 'should have either npm or folder',
        remedy: 'npm: name@1.2.3 or folder: servers/name',
      },
    ]
  }),
  eachServer(({source}, path) =>
    source.npm !== undefined && source.build !== undefined
      ? [
          {
            path: [...path, 'source', 'build'],
            message: 'builds a folder, but the source is an npm package',
            remedy: 'delete it',
          },
        ]
      : [],
  ),
  eachServer(({transport, bridge}, path) => {
    if (transport === 'stdio' && bridge === undefined) {
      return [
        {
          path: [...path, 'transport'],
          message: 'is stdio and needs a bridge to be reached over HTTP',
          remedy: 'add bridge: {npm: mcp-proxy@…, command: […]}',
        },
      ]
    }
    return transport === 'http' && bridge !== undefined
      ? [
          {
            path: [...path, 'bridge'],
            message: 'bridges a stdio server, but transport is http',
            remedy: 'write transport: stdio, or delete the bridge',
          },
        ]
      : []
  }),
  eachServer(({bridge}, path) =>
    bridge !== undefined && !bridge.command.includes('{command}')
      ? [
          {
            path: [...path, 'bridge', 'command'],
            message: "should hold '{command}' as a word of its own, where the server's command goes",
          },
        ]
      : [],
  ),
  eachServer(({auth, secrets}, path) =>
    auth !== undefined && secrets[auth.bearer] === undefined
      ? [
          {
            path: [...path, 'auth', 'bearer'],
            message: `names ${auth.bearer}, which is not among the server's secrets`,
            remedy: `add it below secrets:`,
          },
        ]
      : [],
  ),
  eachServer(({env, secrets}, path) =>
    Object.keys(env)
      .filter(name => secrets[name] !== undefined)
      .map(name => ({
        path: [...path, 'env', name],
        message: 'is also a secret',
        remedy: 'keep it below secrets: only',
      })),
  ),
  eachServer(({after}, path, fleet) =>
    after.flatMap((other, index) =>
      fleet.servers[other] ? [] : [unknownName([...path, 'after', index], other, Object.keys(fleet.servers), 'server')],
    ),
  ),
  fleet => {
    const servers = Object.entries(fleet.servers).map(([name, server]) => ({
      name,
      after: server.after.filter(other => fleet.servers[other]),
    }))
    const {circle} = startBatches(servers)
    return circle.length === 0
      ? []
      : [
          {
            path: ['servers', circle[0] ?? '', 'after'],
            message: `goes in a circle: ${circle.join(', ')} wait for each other`,
          },
        ]
  },
  fleet =>
    Object.entries(fleet.environments).flatMap(([name, environment]) =>
      Object.keys(environment.servers).flatMap(server =>
        fleet.servers[server]
          ? []
          : [unknownName(['environments', name, 'servers', server], server, Object.keys(fleet.servers), 'server')],
      ),
    ),
  (fleet, {targets}) =>
    Object.entries(fleet.environments).flatMap(([name, {target}]) =>
      targets.includes(target) ? [] : [unknownName(['environments', name, 'target'], target, targets, 'target')],
    ),
  fleet => Object.keys(fleet.environments).flatMap(environment => duplicatePorts(fleet, environment)),
  (fleet, {phases}) =>
    fleet.accept.flatMap(({check}, index) => {
      const phase = check.split('/')[0] ?? ''
      return phases.includes(phase) ? [] : [unknownName(['accept', index, 'check'], phase, phases, 'phase')]
    }),
  fleet =>
    fleet.accept.flatMap(({server}, index) =>
      server === undefined || fleet.servers[server]
        ? []
        : [unknownName(['accept', index, 'server'], server, Object.keys(fleet.servers), 'server')],
    ),
  (fleet, {today}) =>
    fleet.accept.flatMap(({until, check}, index) =>
      until >= today
        ? []
        : [
            {
              path: ['accept', index, 'until'],
              message: `ended on ${until}, today is ${today}`,
              remedy: `mend what ${check} finds, or decide anew how long it may stay`,
            },
          ],
    ),
]

function duplicatePorts(fleet: FleetFile, environment: string): Fault[] {
  const settings = fleet.environments[environment]
  if (settings === undefined) return []
  const ports: {path: Path; port: number}[] = [
    {path: ['environments', environment, 'ingress', 'port'], port: settings.ingress.port},
  ]
  for (const [name, server] of Object.entries(fleet.servers)) {
    const own = settings.servers[name]?.port as number | undefined
    if (own !== undefined) ports.push({path: ['environments', environment, 'servers', name, 'port'], port: own})
    else if (server.port !== undefined) ports.push({path: ['servers', name, 'port'], port: server.port})
  }
  return ports.flatMap(({path, port}, index) => {
    const first = ports.slice(0, index).find(other => other.port === port)
    return first
      ? [
          {
            path,
            message: `is ${port}, which ${first.path.join('.')} has already`,
            remedy: 'give each its own port, or leave it out',
          },
        ]
      : []
  })
}

function unknownName(path: Path, given: string, known: readonly string[], kind: string): Fault {
  return {
    path,
    message: `is no ${kind}: ${given}`,
    remedy: `${nearest(given, known)}known: ${known.join(', ') || 'none'}`,
  }
}
