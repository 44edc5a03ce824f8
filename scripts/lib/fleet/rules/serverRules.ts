// Rules about servers: their source, bridge, secrets, names and order.
import type {Fault, Path} from '../../saved/fault.ts'
import {startBatches} from '../startBatches.ts'
import {eachServer, type Rule, unknownName} from './rule.ts'

// The ingress is a program beside the servers, and its own paths begin with the others.
const taken = ['ingress', 'health', 'metrics']

export const serverRules: Rule[] = [
  (_, __, {servers}) =>
    servers.length > 0 ? [] : [{path: ['servers'], message: 'should name at least one server, got none'}],
  eachServer((_, path, name) =>
    taken.includes(name)
      ? [{path, message: `is a name of Seaworthy itself: ${name}`, remedy: `any name but ${taken.join(', ')}`}]
      : [],
  ),
  eachServer(({source}, path) =>
    (source.npm === undefined) !== (source.folder === undefined)
      ? []
      : [
          {
            path: [...path, 'source'],
            message: `should have either npm or folder, has ${source.npm === undefined ? 'neither' : 'both'}`,
            remedy: 'npm: name@1.2.3 or folder: servers/name',
          },
        ],
  ),
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
  eachServer(({transport, bridge}, path) =>
    transport === 'stdio' && bridge === undefined
      ? [
          {
            path: [...path, 'transport'],
            message: 'is stdio and needs a bridge to be reached over HTTP',
            remedy: 'add bridge: {npm: mcp-proxy@…, command: […]}',
          },
        ]
      : [],
  ),
  eachServer(({transport, bridge}, path) =>
    transport === 'http' && bridge !== undefined
      ? [
          {
            path: [...path, 'bridge'],
            message: 'bridges a stdio server, but transport is http',
            remedy: 'write transport: stdio, or delete the bridge',
          },
        ]
      : [],
  ),
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
  eachServer(({env, secrets}, path) => alsoSecret(env, secrets, [...path, 'env'])),
  fleet =>
    Object.entries(fleet.environments).flatMap(([environment, settings]) =>
      Object.entries(settings.servers).flatMap(([name, {env = {}}]) =>
        alsoSecret(env, fleet.servers[name]?.secrets ?? {}, ['environments', environment, 'servers', name, 'env']),
      ),
    ),
  eachServer(({after}, path, _, {servers}) =>
    after.flatMap((other, index) =>
      servers.includes(other) ? [] : [unknownName([...path, 'after', index], other, servers, 'server')],
    ),
  ),
  fleet => {
    const servers = Object.entries(fleet.servers).map(([name, server]) => ({
      name,
      after: server.after.filter(other => fleet.servers[other]),
    }))
    const {circle} = startBatches(servers)
    const [first] = circle
    if (first === undefined) return []
    return [
      {
        path: ['servers', first, 'after'],
        message: `goes in a circle: ${[...circle, first].join(' → ')}`,
        remedy: 'one of them must be able to start without the others',
      },
    ]
  },
]

function alsoSecret(env: Record<string, string>, secrets: Record<string, unknown>, path: Path): Fault[] {
  return Object.keys(env)
    .filter(name => Object.hasOwn(secrets, name))
    .map(name => ({path: [...path, name], message: 'is also a secret', remedy: 'keep it below secrets: only'}))
}
