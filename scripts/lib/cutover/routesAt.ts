// The routes of the ingress at a point of a change: a pure function of how far each server is.
import type {InstanceServer} from '../target/instance.ts'
import type {Routes, ServerRoute} from '../target/routes.ts'
import {copyIn, type ServerChange, type Stage, type Transition} from './transition.ts'

// Enough for the calls of a small fleet while one server starts; over it the ingress answers 503 with Retry-After.
const hold = {maximumRequests: 512, maximumBytes: 16_777_216, maximumMs: 30_000}

export function routesAt(transition: Transition, version: number): Routes {
  const {from, to, changes, stages} = transition
  const servers = changes.flatMap(({server, strategy}) => {
    const route = routeAt(stages[server] ?? 'settled', copyIn(from, server), copyIn(to, server), strategy)
    return route === undefined ? [] : [[server, route] as const]
  })
  const untouched = [...(to?.servers ?? []), ...(from?.servers ?? [])].filter(
    server => stages[server.name] === undefined,
  )
  const rest = untouched.map(server => [server.name, route(server, [copy(server, 'active')], false)] as const)
  return {
    version,
    release: (to ?? from)?.release ?? '',
    ...namesAt(transition),
    servers: Object.fromEntries([...rest, ...servers]),
  }
}

// Names drain as copies do: clients may go on by the earlier ones until the change was found good.
function namesAt({from, to, purpose, stages}: Transition): Pick<Routes, 'hosts' | 'origins'> {
  const settled = Object.values(stages).every(stage => stage === 'settled')
  const isOver = settled && (purpose === 'finish' || purpose === 'rollback')
  const sides = [to, isOver && to !== undefined ? undefined : from].flatMap(side => side?.ingress ?? [])
  return {
    hosts: [...new Set(sides.flatMap(side => side.hosts))],
    origins: [...new Set(sides.flatMap(side => side.origins))],
  }
}

function routeAt(
  stage: Stage,
  old: InstanceServer | undefined,
  next: InstanceServer | undefined,
  strategy: ServerChange['strategy'],
): ServerRoute | undefined {
  if (stage === 'waiting') return old && route(old, [copy(old, 'active')], false)
  // A server may change in its place for once, though it usually need not.
  if (stage === 'held') return old && {...route(old, [copy(old, 'draining')], true), cutover: strategy}
  if (old?.copy === next?.copy) return next && route(next, [copy(next, 'active')], false)
  const before = old === undefined ? [] : [copy(old, stage === 'switched' ? 'draining' : 'ended')]
  if (next !== undefined) return route(next, [copy(next, 'active'), ...before], false)
  return old === undefined || stage === 'settled' ? undefined : route(old, before, false)
}

function copy(server: InstanceServer, state: 'active' | 'draining' | 'ended') {
  return {id: server.copy, url: server.url, state}
}

function route({settings}: InstanceServer, copies: ServerRoute['copies'], held: boolean): ServerRoute {
  return {
    endpoint: settings.endpoint,
    health: settings.health ?? null,
    hosts: settings.hosts,
    probe:
      settings.probe === undefined
        ? null
        : {
            tool: settings.probe.tool,
            arguments: settings.probe.arguments,
            expect: settings.probe.expect,
          },
    bearer: settings.auth?.bearer ?? null,
    cutover: settings.cutover,
    copies,
    hold: held ? hold : null,
    drainMs: settings.limits.drainSeconds * 1000,
  }
}
