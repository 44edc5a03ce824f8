// How a server starts as it was declared, and the same with its placeholders filled in for one copy.
import {join} from 'node:path'
import type {FleetServer} from '../fleet/resolveFleet.ts'
import type {Release} from '../release/release.ts'
import type {InstanceServer} from '../target/instance.ts'

export type Declared = NonNullable<InstanceServer['declared']>

export interface CopyPlace {
  name: string
  /** Of this copy alone. */
  folder: string
  state: string
  /** A number, or what stands for it until it is known. */
  port: string
  releaseFolder: string
  /** URL of the ingress. */
  ingress: string
}

/** Where every copy listens: the ingress alone is called from outside. */
export const copyHost = '127.0.0.1'

/** The words are those of the release, the variables those of the fleet file; nothing is filled in. */
export function declaredOf({name, env}: Pick<FleetServer, 'name' | 'env'>, release: Release): Declared {
  return {argv: [...(release.servers[name]?.argv ?? [])], environment: {...env}}
}

/** What a copy at that place is started with. */
export function filledIn({argv, environment}: Declared, place: CopyPlace): Declared {
  const {name, folder, state, port, releaseFolder, ingress} = place
  const values: Record<string, string> = {
    runtime: runtimeIn(releaseFolder),
    server: join(releaseFolder, 'servers', name),
    release: releaseFolder,
    preload: join(releaseFolder, 'preload', 'loopback.mjs'),
    host: copyHost,
    port,
    state,
    ingress,
  }
  return {
    argv: argv.map(argument => fill(argument, values)),
    environment: {
      PATH: `${join(releaseFolder, 'runtime')}:/usr/local/bin:/usr/bin:/bin`,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, fill(value, values)])),
    },
  }
}

/** Whether a placeholder such as `ingress` stands anywhere in it. */
export function uses({argv, environment}: Declared, placeholder: string): boolean {
  return [...argv, ...Object.values(environment)].some(text => text.includes(`{${placeholder}}`))
}

/** The Node of a release. */
export function runtimeIn(releaseFolder: string): string {
  return join(releaseFolder, 'runtime', 'node')
}

/** Replaces `{name}` for every known name; other braces stay as they are, since arguments may be JSON. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole)
}
