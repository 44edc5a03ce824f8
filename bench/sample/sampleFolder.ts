// Lays out the sample fleet in a folder of its own, in editions that differ in every server, so that a change replaces all.
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'yaml'
import {inRepository} from '../child/repository.ts'

export type Edition = 'A' | 'B'

/** Where the copies write which numbered requests arrived. */
export const arrivalsPath = (folder: string): string => join(folder, 'arrivals')

/** Seconds for which sessions keep an old instance: long enough for calls, and shorter than the default of 30. */
const drainSeconds = 3

/** Links what the fleet file refers to. Parts that the checkout has built are taken from there, and built ones go there. */
export function linkSample(folder: string): void {
  const artifacts = inRepository('.build/artifacts')
  mkdirSync(artifacts, {recursive: true})
  mkdirSync(join(folder, '.build'), {recursive: true})
  symlinkSync(artifacts, join(folder, '.build', 'artifacts'))
  for (const name of ['locks', 'servers']) symlinkSync(inRepository(name), join(folder, name))
}

/** Writes the fleet file of an edition, with one environment, `staging`, and gives its path. */
export function writeSample(folder: string, edition: Edition, ingressPort: number): string {
  const sample = parse(readFileSync(inRepository('fleet.yaml'), 'utf8'))
  const preload = join(import.meta.dirname, 'noteRequests.cjs')
  const servers = Object.entries<Record<string, object>>(sample.servers).map(([name, server]) => [
    name,
    {
      ...server,
      // The loads of a bench are far beyond what the sample's limits of memory are for: server-everything is over its own within
      // seconds, and one that is ended for that in the middle says nothing of what is measured.
      limits: {...server.limits, memoryMegabytes: undefined},
      // What a server is isolated from is none of what is measured; the two paths below are not its own.
      isolation: {read: [preload], write: [arrivalsPath(folder)]},
      env: {
        ...server.env,
        NODE_OPTIONS: `--require="${preload}"`,
        BENCH_ARRIVALS: arrivalsPath(folder),
        BENCH_EDITION: edition,
      },
    },
  ])
  // What a rollback finds running is as it is where the sample is live.
  const {standbySeconds} = sample.environments.production.limits
  const limits = {drainSeconds, standbySeconds}
  const environment = {target: 'local', ingress: {port: ingressPort}, limits, client: {timeoutMs: 8000}}
  const fleet = {...sample, servers: Object.fromEntries(servers), environments: {staging: environment}}
  const path = join(folder, 'fleet.yaml')
  if (!existsSync(arrivalsPath(folder))) writeFileSync(arrivalsPath(folder), '')
  // Every JSON text is YAML.
  writeFileSync(path, JSON.stringify(fleet, null, 1))
  return path
}
