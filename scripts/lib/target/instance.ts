// One running copy of an environment as plain data: where each part of it lies, listens and logs.
import type {FleetServer} from '../fleet/resolveFleet.ts'

export interface InstanceServer {
  name: string
  /** Tells this copy from an older one of the same server during a change. */
  copy: string
  /** Folder of this copy: pid files, log, temporary files. */
  folder: string
  /** Folder of the server's durable files. */
  state: string
  port: number
  /** Base URL of the copy itself, past the ingress. */
  url: string
  /** MCP endpoint of the copy itself. */
  endpoint: string
  /** MCP endpoint through the ingress. */
  through: string
  /** The words that start it, nothing left to fill in. */
  argv: string[]
  environment: Record<string, string>
  /** Its arguments and variables before anything was filled in; instances of earlier versions do not have it. */
  declared?: {argv: string[]; environment: Record<string, string>}
  secrets: string[]
  settings: FleetServer
}

export interface InstanceIngress {
  folder: string
  host: string
  port: number
  url: string
  argv: string[]
  secrets: string[]
  /** How long a stream of events may be silent before it gets a comment; absent in instances of earlier versions. */
  streamCommentSeconds?: number
  hosts: string[]
  origins: string[]
  /** PEM files, absolute. */
  tls: {certificate: string; key: string; authority: string | undefined; minimumDays: number} | undefined
}

export interface Instance {
  /** `live`, or `rehearsal-<run>`. */
  name: string
  folder: string
  fleet: string
  environment: string
  release: string
  releaseFolder: string
  ingress: InstanceIngress
  /** In the order in which they start: the members of a batch at the same time. */
  batches: string[][]
  servers: InstanceServer[]
}

export function isRehearsal(instance: Pick<Instance, 'name'>): boolean {
  return instance.name.startsWith('rehearsal-')
}

/** The server of that name; throws when there is none, which is a bug of the caller. */
export function serverOf(instance: Instance, name: string): InstanceServer {
  const server = instance.servers.find(candidate => candidate.name === name)
  if (server === undefined) throw new Error(`instance ${instance.name} has no server ${name}`)
  return server
}
