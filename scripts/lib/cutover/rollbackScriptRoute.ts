// The parts of a server's route that are known when it is deployed; a shell adds which copies there are.
import type {Instance} from '../instance/instance.ts'
import {routesAt} from './routesAt.ts'

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
  const none = {run: '', purpose: 'rollback', from: instance, to: instance, changes: [], stages: {}} as const
  const whole = {...none, changes: [], stages: {}}
  const route = routesAt(whole, 0).servers[server]
  const held = {...whole, changes: [{server, kind: 'replace', strategy: 'recreate'} as const]}
  const hold = routesAt({...held, stages: {[server]: 'held'}}, 0).servers[server]?.hold ?? null
  const lines = JSON.stringify({servers: {[server]: {...route, copies: [], hold: null}}}, null, 2).split('\n')
  const copies = lines.indexOf(`${indent}"copies": [],`)
  const after = lines.indexOf(`${indent}"hold": null,`)
  if (copies < 0 || after !== copies + 1) throw new Error(`the route of ${server} has no copies followed by a hold`)
  return {
    head: `${lines.slice(2, copies).join('\n')}\n`,
    tail: `${lines.slice(after + 1, -2).join('\n')}\n`,
    hold: JSON.stringify(hold, null, 2).replaceAll('\n', `\n${indent}`),
  }
}
