// The routes of the ingress: where each server answers, and how its requests are held while it changes.
import type {Expectation} from '../expect/expectation.ts'

export interface Routes {
  version: number
  release: string
  /** Of the ingress as a whole; those of a server are with its route. */
  hosts: string[]
  origins: string[]
  servers: Record<string, ServerRoute>
}

export interface ServerRoute {
  endpoint: string
  health: string | null
  hosts: string[]
  probe: {tool: string; arguments: Record<string, unknown>; expect: Expectation} | null
  bearer: string | null
  cutover: 'blue-green' | 'recreate'
  copies: {id: string; url: string; state: 'active' | 'draining' | 'ended'}[]
  hold: {maximumRequests: number; maximumBytes: number; maximumMs: number} | null
  drainMs: number
}
