// The checks of the preflight step. What is missing here is a misconfiguration, so it is `error` and never `fail`.
import {existsSync, statfsSync} from 'node:fs'
import {delimiter, dirname, join} from 'node:path'
import type {Verdict} from '../errors/verdict.ts'
import {realPath} from '../files/isBelow.ts'
import {belongsToAnother, othersCanWrite} from '../files/ownerOnly.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {missingSecrets, type SecretValues} from '../fleet/secrets.ts'
import {shortestSecret} from '../journal/redactor.ts'
import {isPortFree} from '../target/freePorts.ts'
import type {Target} from '../target/target.ts'

export interface PreflightCheck {
  name: string
  verdict: Verdict
  detail: string
  value?: number
  limit?: number
  unit?: string
  remedy?: string
}

/** Tools are looked for on `searchPath`, as a shell would. */
export async function checkTools(tools: Target['tools'], searchPath: string): Promise<PreflightCheck> {
  const folders = searchPath.split(delimiter)
  const missing = tools.filter(({name}) => !folders.some(folder => existsSync(join(folder, name))))
  const name = 'tools'
  if (missing.length === 0)
    return {name, verdict: 'pass', detail: `${tools.map(tool => tool.name).join(', ')} are there`}
  return {
    name,
    verdict: 'error',
    detail: `not on this machine: ${missing.map(tool => `${tool.name} (${tool.why})`).join(', ')}`,
    remedy: 'install them, or put their folder on PATH',
  }
}

export function checkSecrets(fleet: Fleet, values: SecretValues): PreflightCheck {
  const name = 'secrets'
  const missing = missingSecrets(fleet, values)
  const short = Object.entries(values).filter(([, value]) => value !== undefined && value.length < shortestSecret)
  const faults = [
    ...missing.map(({name: secret, servers}) => `${secret} is not set (${servers.join(', ')})`),
    ...short.map(
      ([secret]) => `${secret} is shorter than ${shortestSecret} characters, too short to be kept out of logs`,
    ),
  ]
  if (faults.length > 0)
    return {
      name,
      verdict: 'error',
      detail: faults.join('; '),
      remedy: `export it, or write it into .env.${fleet.environment} beside the fleet file`,
    }
  const names = Object.keys(values)
  return {
    name,
    verdict: 'pass',
    detail: names.length === 0 ? 'the fleet needs none' : `${names.join(', ')}: all that is required is there`,
  }
}

// A release of the sample fleet takes 300 MB; links mostly, but a copy must fit.
const neededMegabytes = 1024

/** Free space on the file systems that a run writes to. */
export function checkDisk(folders: readonly string[]): PreflightCheck[] {
  const [least = {folder: '', free: 0}] = folders
    .map(folder => ({folder, free: freeMegabytes(folder)}))
    .sort((a, b) => a.free - b.free)
  const {folder, free} = least
  const enough = free >= neededMegabytes
  return [
    {
      name: 'disk',
      verdict: enough ? 'pass' : 'error',
      detail: enough
        ? `${free} MB free where builds and releases are kept`
        : `${free} MB free for ${folder}, a run needs ${neededMegabytes} MB`,
      value: free,
      limit: neededMegabytes,
      unit: 'MB',
      remedy: enough ? undefined : 'make room on that disk, or set root: of the environment to a folder on another one',
    },
  ]
}

function freeMegabytes(folder: string): number {
  const there = existsSync(folder) ? folder : undefined
  if (there === undefined) return freeMegabytes(dirname(folder))
  const {bavail, bsize} = statfsSync(there)
  return Math.floor((bavail * bsize) / 1_048_576)
}

/**
 * The environment's root, which holds what later runs execute, and every folder above it: whoever can write to one of them
 * can put another root in its place.
 */
export function checkRoot(root: string): PreflightCheck {
  const name = 'root'
  // Also by where links on the way lead: whoever can write there has the same power.
  const ways = [root, realPath(root) ?? root].flatMap(pathsTo)
  const there = [...new Set(ways)].filter(folder => existsSync(folder))
  const foreign = there.filter(folder => belongsToAnother(folder))
  if (foreign.length > 0)
    return {
      name,
      verdict: 'error',
      detail: `${foreign.join(', ')} belongs to another user, who can change what the servers of this environment run`,
      remedy: 'set environments.NAME.root in the fleet file to a folder below those of your own',
    }
  const open = there.filter(othersCanWrite)
  if (open.length === 0) return {name, verdict: 'pass', detail: `nobody else can write to ${root}`}
  return {
    name,
    verdict: 'error',
    detail: `other users can write to ${open.join(', ')}, so they can change what the servers of this environment run`,
    remedy: `see that nobody changed what is in there, then: chmod go-w ${open.map(folder => `'${folder}'`).join(' ')}`,
  }
}

function pathsTo(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...pathsTo(above)]
}

/** The live ports. A rehearsal has ports of its own, so one that is taken only matters when live is to be changed. */
export async function checkPorts(fleet: Fleet, isLive: boolean, applies: boolean): Promise<PreflightCheck> {
  const name = 'ports'
  const ports = [fleet.ingress.port, ...fleet.servers.flatMap(server => server.port ?? [])]
  if (isLive) return {name, verdict: 'skip', detail: 'this environment is live and has its ports'}
  const free = await Promise.all(ports.map(isPortFree))
  const taken = ports.filter((_, index) => !free[index])
  if (taken.length === 0) return {name, verdict: 'pass', detail: `${ports.join(', ')} are free`}
  const detail = `something else listens on ${taken.join(', ')}`
  if (!applies) return {name, verdict: 'skip', detail: `${detail}; a rehearsal takes ports of its own`}
  return {
    name,
    verdict: 'error',
    detail,
    remedy: 'end what listens there, or give the ingress another port in the fleet file',
  }
}
