// Asks the registry that npm is configured for what is known against the packages of a release.
import {createHash} from 'node:crypto'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {readIfThere} from '../../lib/files/ifThere.ts'
import {npmArgv, type RunCommand, runCommand} from '../../lib/release/npm.ts'
import {keep, kept} from './kept.ts'
import {type PackageVersion, packagesOf} from './packagesOf.ts'

export interface Advisory {
  package: string
  severity: string
  title: string
  /** Versions that it is about. */
  range: string
}

export type Advisories =
  | {packages: number; known: Advisory[]; asked: string}
  /** Nobody could say, and why. */
  | {unknown: string}

export interface AskAdvisories {
  releaseFolder: string
  /** Folder of the fleet file. */
  folder: string
  /** What npm sees of the environment: no secret of the fleet. */
  environment: Readonly<Record<string, string | undefined>>
  now: Date
  signal: AbortSignal
  run?: RunCommand
  /** For the whole question; 3000 where none is given. */
  deadlineMs?: number
}

const briefMs = 3000
const dayMs = 24 * 60 * 60 * 1000
// An offline machine must not wait in every run.
const hourMs = 60 * 60 * 1000

/** An answer is kept for a day by the digest of the bill of materials; that there was none, for an hour. */
export async function advisories(options: AskAdvisories): Promise<Advisories> {
  const {releaseFolder, folder, environment, now} = options
  if (environment.npm_config_audit === 'false') return {unknown: 'npm is told not to ask (npm_config_audit=false)'}
  const text = readBill(releaseFolder)
  if (text === undefined) return {unknown: "the release's bill of materials is not on this machine"}
  const packages = packagesOf(text)
  if (packages.length === 0) return {packages: 0, known: [], asked: now.toISOString()}
  const key = `advisories-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  const known = kept<{at: number; answer: Advisories}>(folder, key)
  if (known !== undefined && now.getTime() - known.at < ('unknown' in known.answer ? hourMs : dayMs))
    return known.answer
  const answer = await ask(packages, options)
  keep(folder, key, {at: now.getTime(), answer})
  return answer
}

function readBill(releaseFolder: string): string | undefined {
  return readIfThere(join(releaseFolder, 'sbom.cdx.json'))
}

// npm itself asks, so that its registry, credentials and proxy are those of the machine. It wants a lock in a folder.
async function ask(packages: PackageVersion[], options: AskAdvisories): Promise<Advisories> {
  const {folder, environment, now, signal, run = runCommand, deadlineMs = briefMs} = options
  const work = join(folder, '.build', 'kept', `audit-${process.pid}`)
  try {
    mkdirSync(work, {recursive: true})
    writeFileSync(join(work, 'package.json'), JSON.stringify(manifest(packages)))
    writeFileSync(join(work, 'package-lock.json'), JSON.stringify(lock(packages)))
    const argv = npmArgv(['audit', '--package-lock-only', '--fetch-retries=0', `--fetch-timeout=${deadlineMs}`])
    const outcome = await run({why: 'ask for advisories', argv, folder: work, environment, deadlineMs}, signal)
    if (outcome.ended === 'deadline') return {unknown: `no advisory source answered within ${deadlineMs / 1000} s`}
    return read(outcome.stdout, packages.length, now)
  } finally {
    rmSync(work, {recursive: true, force: true})
  }
}

interface Audit {
  message?: string
  vulnerabilities?: Record<string, {via: (string | {name: string; severity: string; title: string; range: string})[]}>
}

/** What npm says, without the address that it asked: that may hold a password. */
function read(stdout: string, packages: number, now: Date): Advisories {
  let audit: Audit
  try {
    audit = JSON.parse(stdout)
  } catch {
    // What npm printed may hold the address that it asked, and is not passed on.
    return {unknown: 'no advisory source answered: npm said nothing that could be read'}
  }
  if (audit.vulnerabilities === undefined) {
    const [reason] = /\bE[A-Z_]{3,}\b|\b[45]\d\d\b/.exec(audit.message ?? '') ?? []
    return {unknown: `no advisory source answered${reason === undefined ? '' : `: ${reason}`}`}
  }
  const all = Object.values(audit.vulnerabilities).flatMap(({via}) =>
    via.flatMap(one => (typeof one === 'string' ? [] : [one])),
  )
  const known = all.map(({name, severity, title, range}) => ({package: name, severity, title, range}))
  return {
    packages,
    known: [...new Map(known.map(one => [JSON.stringify(one), one])).values()],
    asked: now.toISOString(),
  }
}

// Two versions of one package stand beside each other under other names, as npm's own aliases do.
function named(packages: readonly PackageVersion[]) {
  return packages.map(({name, version}, index) => {
    const isFirst = packages.findIndex(other => other.name === name) === index
    return {name, version, isFirst, at: isFirst ? name : `${name}-${index}`}
  })
}

function manifest(packages: readonly PackageVersion[]) {
  const pairs = named(packages).map(({name, version, isFirst, at}) => [
    at,
    isFirst ? version : `npm:${name}@${version}`,
  ])
  return {name: 'release', version: '0.0.0', dependencies: Object.fromEntries(pairs)}
}

function lock(packages: readonly PackageVersion[]) {
  const {name, version, dependencies} = manifest(packages)
  const entries = named(packages).map(one => [
    `node_modules/${one.at}`,
    one.isFirst ? {version: one.version} : {name: one.name, version: one.version},
  ])
  const root = ['', {name, version, dependencies}]
  return {name, version, lockfileVersion: 3, requires: true, packages: Object.fromEntries([root, ...entries])}
}
