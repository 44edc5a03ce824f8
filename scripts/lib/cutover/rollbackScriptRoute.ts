// The parts of a server's route that are known when it is deployed; a shell adds which copies there are.
import type {Instance} from '../target/instance.ts'
import {routesAt} from './routesAt.ts'
import type {Stage, Transition} from './transition.ts'

export interface RouteParts {
  /** Lines before the copies. */
  head: string
  /** Lines after the hold. */
  tail: string
  /** The hold while no copy may be called. */
  hold: string
}

const indent = '      '

export function routeParts(instance: Instance, server: string): RouteParts {
  const route = routeIn(instance, server, 'waiting')
  const hold = routeIn(instance, server, 'held')?.hold ?? null
  const lines = JSON.stringify({servers: {[server]: {...route, copies: [], hold: null}}}, null, 2).split('\n')
  const copies = lines.indexOf(`${indent}"copies": [],`)
  if (lines[copies + 1] !== `${indent}"hold": null,`)
    throw new Error(`the route of ${server} should have copies and then a hold, and has not`)
  return {
    head: `${lines.slice(2, copies).join('\n')}\n`,
    tail: `${lines.slice(copies + 2, -2).join('\n')}\n`,
    hold: JSON.stringify(hold, null, 2).replaceAll('\n', `\n${indent}`),
  }
}

/** The lines of the routes that say by which names the ingress is called. */
export function namesPart({ingress: {hosts, origins}}: Instance): string {
  return `${JSON.stringify({hosts, origins}, null, 2).slice(2, -2)},\n`
}

function routeIn(instance: Instance, server: string, stage: Stage) {
  const at: Transition = {
    run: '',
    purpose: 'rollback',
    from: instance,
    to: instance,
    changes: [{server, kind: 'replace', strategy: 'recreate'}],
    stages: {[server]: stage},
  }
  return routesAt(at, 0).servers[server]
}
